namespace Tributary.EmbeddedClickHouse.Tests;

public class Keeping_a_log_of_queries
{
    [Test]
    public async Task A_query_is_found_with_its_cost_and_its_asker()
    {
        var id = Guid.NewGuid().ToString();
        await Server.Ask("select count() from numbers(1000) /* a text */", $"query_id={id}&log_comment=mine");
        await Server.Must("system flush logs");

        Assert.That(await Server.Must($"""
            select type, query_kind, user, log_comment, position(query, 'a text') > 0, http_method
            from system.query_log
            where query_id = '{id}'
            order by event_time_microseconds, type
            """), Is.EqualTo("QueryStart\tSelect\tdefault\tmine\t1\t2\nQueryFinish\tSelect\tdefault\tmine\t1\t2"));
    }

    [Test]
    public async Task A_query_that_failed_is_found_with_its_error()
    {
        var id = Guid.NewGuid().ToString();
        await Server.Ask("select throwIf(1)", $"query_id={id}");
        await Server.Must("system flush logs");

        Assert.That(await Server.Must($"""
            select exception_code, position(exception, 'throwIf') > 0
            from system.query_log
            where query_id = '{id}' and type != 'QueryStart'
            """), Is.EqualTo("395\t1"));
    }

    [Test]
    public async Task A_query_is_found_by_the_tables_that_it_names()
    {
        var (read, written) = (await Server.Table("a UInt64"), await Server.Table("a UInt64"));
        var id = Guid.NewGuid().ToString();
        await Server.Ask($"with named as (select {{x:UInt8}} as a) select * from named join {read} as t using a",
            $"query_id={id}-1&param_x=1");
        await Server.Ask($"insert into {written} select a from {read}", $"query_id={id}-2");
        await Server.Ask($"insert into {written} format TSV\n1\n", $"query_id={id}-3");
        await Server.Must("system flush logs");

        Assert.That(await Server.Must($"""
            select arraySort(tables), databases
            from system.query_log
            where startsWith(query_id, '{id}') and type = 'QueryFinish'
            order by query_id
            format JSONCompactEachRow
            """), Is.EqualTo(string.Join('\n', new[] { new[] { read }, [read, written], [written] }.Select(tables =>
                $"[[{string.Join(',', tables.Order(StringComparer.Ordinal).Select(name => $"\"{name}\""))}], "
                + $"[\"{Server.Database}\"]]"))));
    }

    [Test]
    public async Task What_a_query_did_is_found_as_events()
    {
        var id = Guid.NewGuid().ToString();
        await Server.Ask("select count() from numbers(1000)", $"query_id={id}-1");
        await Server.Ask("select sleepEachRow(0.3) from numbers(3) settings max_block_size = 1", $"query_id={id}-2");
        await Server.Must("system flush logs");

        Assert.That(await Server.Must($"""
            select ProfileEvents['SelectQuery'], ProfileEvents['SelectedRows'],
                endsWith(query_id, '1') or ProfileEvents['SleepFunctionCalls'] > 0
            from system.query_log
            where startsWith(query_id, '{id}') and type = 'QueryFinish'
            order by query_id
            """), Is.EqualTo("1\t1000\t1\n1\t3\t1"));
    }

    [Test]
    public async Task An_insert_is_found_with_what_it_wrote_and_without_its_data()
    {
        var table = await Server.Table("a String");
        var id = Guid.NewGuid().ToString();
        await Server.Ask($"insert into {table} format TSV\nsecret\nsecret\n", $"query_id={id}");
        await Server.Must("system flush logs");

        Assert.That(await Server.Must($"""
            select written_rows, query_kind, position(query, 'secret')
            from system.query_log
            where query_id = '{id}' and type = 'QueryFinish'
            """), Is.EqualTo("2\tInsert\t0"));
    }
}
