using System.Globalization;
using System.Text;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Inserting_over_http
{
    [TestCase("insert into {0} values (1, 'a'), (2, 'b')", "")]
    [TestCase("insert into {0} (b, a) values ('a', 1) , ('b', 2);", "")]
    [TestCase("insert into {0} format CSV", "1,a\n2,b\n")]
    [TestCase("insert into {0} format CSV\n1,a\n2,b\n", "")]
    [TestCase("insert into {0} settings max_threads = 1 format JSONEachRow",
        "{\"a\":1,\"b\":\"a\"}\n{\"a\":2,\"b\":\"b\"}")]
    [TestCase("insert into {0} values", "(1, 'a'), (2, 'b')")]
    [TestCase("insert into table {0} select number + 1, char(97 + number) from numbers(2)", "")]
    [TestCase("insert into {0} (* except b) values (1), (2)", "", "1\t\n2\t\n")]
    public async Task Rows_arrive_however_they_are_written(string statement, string data, string rows = "1\ta\n2\tb\n")
    {
        var table = await Server.Table("a UInt32, b String");
        statement = string.Format(CultureInfo.InvariantCulture,
            statement.Replace("{\"", "{{\"", StringComparison.Ordinal)
            .Replace("\"}", "\"}}", StringComparison.Ordinal), table);

        var answer = data.Length == 0
            ? await Server.Ask(statement)
            : await Server.Send(HttpMethod.Post, $"query={Uri.EscapeDataString(statement)}", new StringContent(data));

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
            Assert.That((await Server.Ask($"select * from {table} order by a")).Text, Is.EqualTo(rows));
        });
    }

    [Test]
    public async Task A_statement_may_begin_in_the_address_and_its_data_hold_anything()
    {
        var table = await Server.Table("a String");
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        var answer = await Server.Send(HttpMethod.Post, $"query=insert+into+{table}+format+RawBLOB",
            new ByteArrayContent(bytes));

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
            Assert.That((await Server.Ask($"select a from {table} format RawBLOB")).Bytes, Is.EqualTo(bytes));
        });
    }

    [Test]
    public async Task A_long_insert_is_streamed_and_counted()
    {
        var table = await Server.Table("a UInt64");
        var content = new StringBuilder();
        for (var row = 0; row < 500_000; row++) content.Append(row).Append('\n');

        var answer = await Server.Send(HttpMethod.Post, $"query=insert+into+{table}+format+TSV",
            new StringContent(content.ToString()));

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Header("X-ClickHouse-Summary"), Does.Contain("\"written_rows\":\"500000\""));
            Assert.That((await Server.Ask($"select count(), sum(a) from {table}")).Text,
                Is.EqualTo("500000\t124999750000\n"));
        });
    }

    [Test]
    public async Task What_is_written_into_views_is_counted_as_clickhouse_counts_it()
    {
        var table = await Server.Table("a UInt64");
        var target = await Server.Table("a UInt64");
        await Server.Must($"create materialized view {table}_v to {target} as select a from {table}");

        var answer = await Server.Ask($"insert into {table} values (1), (2), (3)");

        Assert.That(answer.Header("X-ClickHouse-Summary"), Does.Contain("\"written_rows\":\"6\""));
    }

    [Test]
    public async Task Data_that_can_not_be_read_are_refused_and_nothing_of_them_is_kept()
    {
        var table = await Server.Table("a UInt64");

        var answer = await Server.Send(HttpMethod.Post, $"query=insert+into+{table}+format+TSV",
            new StringContent("1\nx\n3\n"));

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Status, Is.EqualTo(400), answer.Text);
            Assert.That(answer.Code, Is.EqualTo(27));
            Assert.That((await Server.Ask($"select count() from {table}")).Text, Is.EqualTo("0\n"));
        });
    }

    [Test]
    public async Task A_body_that_breaks_off_leaves_nothing_behind()
    {
        var table = await Server.Table("a UInt64");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(Server.Address, $"?query=insert+into+{table}+format+TSV"))
        { Content = new BrokenBody() };

        Assert.That(async () => await client.SendAsync(request), Throws.InstanceOf<HttpRequestException>());
        await Server.Until($"select countIf(startsWith(query, 'insert into {table}')) from system.processes", "0");

        Assert.That(await Server.Must($"select count() from {table}"), Is.EqualTo("0"));
    }

    private sealed class BrokenBody : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1\n", 100_000))));
            await stream.FlushAsync();
            throw new IOException("The sender died.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
