using System.Data;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Tests;

public class Inserting_blocks
{
    private const string Deduplicating = "MergeTree order by a settings non_replicated_deduplication_window = 100";

    [Test]
    public async Task A_block_with_a_token_counts_once_however_often_it_is_sent()
    {
        var table = await Server.Table("a UInt32", Deduplicating);
        var target = await Server.Table("a UInt32", Deduplicating);
        await Server.Do($"create materialized view {table}_v to {target} as select a from {table}");
        var block = Numbers(1000);

        var first = await Server.Insert(table, block, "topic/0/100/1099");
        var second = await Server.Insert(table, block, "topic/0/100/1099");

        Assert.Multiple(async () =>
        {
            Assert.That((first.WrittenRows, second.WrittenRows), Is.EqualTo((2000L, 0L)).Or.EqualTo((2000L, 2000L)));
            Assert.That(await Server.Scalar($"select count() from {table}"), Is.EqualTo(1000UL));
            Assert.That(await Server.Scalar($"select count() from {target}"), Is.EqualTo(1000UL));
        });
    }

    [Test]
    public async Task A_block_with_another_token_counts_again_though_its_rows_are_the_same()
    {
        var table = await Server.Table("a UInt32", Deduplicating);

        await Server.Insert(table, Numbers(10), "one");
        await Server.Insert(table, Numbers(10), "two");

        Assert.That(await Server.Scalar($"select count() from {table}"), Is.EqualTo(20UL));
    }

    [Test]
    public async Task A_block_is_filled_cleared_and_filled_again()
    {
        var table = await Server.Table("a UInt32, b LowCardinality(String), c Array(Nullable(Int8))");
        var block = Block.Of(("a", "UInt32"), ("b", "LowCardinality(String)"), ("c", "Array(Nullable(Int8))"));
        for (var round = 0u; round < 3; round++)
        {
            block.Clear();
            block.Column<uint>("a").Add(round);
            block.Column<string>("b").Add($"round {round}");
            block["c"].AddValue(new sbyte?[] { 1, null });
            await Server.Insert(table, block);
        }

        Assert.That(await Server.Column($"select concat(toString(a), b, toString(c)) from {table} order by a"),
            Is.EqualTo(new[] { "0round 0[1,NULL]", "1round 1[1,NULL]", "2round 2[1,NULL]" }));
    }

    [Test]
    public async Task Columns_that_are_not_named_get_their_defaults()
    {
        var table = await Server.Table("a UInt32, b String default concat('n', toString(a))");

        await Server.Insert(table, Numbers(2));

        Assert.That(await Server.Column($"select b from {table} order by a"), Is.EqualTo(new[] { "n0", "n1" }));
    }

    [Test]
    public async Task A_bulk_copy_writes_rows_in_blocks()
    {
        var table = await Server.Table("a UInt32, b Nullable(String), c DateTime64(3, 'UTC')");
        await using var connection = new ClickHouseConnection(Server.Connection);
        using var copy = new ClickHouseBulkCopy(connection)
        {
            DestinationTableName = table,
            ColumnNames = ["b", "a", "c"],
            BatchSize = 100,
        };
        var start = DateTime.UnixEpoch;

        await copy.WriteToServerAsync(Enumerable.Range(0, 1050)
            .Select(number => new object?[] { number % 2 == 0 ? null : "odd", number, start.AddDays(number) }),
                default);

        Assert.Multiple(async () =>
        {
            Assert.That(copy.RowsWritten, Is.EqualTo(1050));
            Assert.That(await Server.Scalar($"select concat(toString(count()), ' ', toString(countIf(b is null)), ' ', "
                + $"toString(sum(a)), ' ', toString(max(c))) from {table}"),
                    Is.EqualTo("1050 525 550725 1972-11-15 00:00:00.000"));
        });
    }

    [Test]
    public async Task A_bulk_copy_takes_a_table_and_a_reader()
    {
        var table = await Server.Table("a UInt32");
        await using var connection = new ClickHouseConnection(Server.Connection);
        using var copy = new ClickHouseBulkCopy(connection) { DestinationTableName = table };
        using var rows = new DataTable();
        rows.Columns.Add("a", typeof(uint));
        rows.Rows.Add(1u);
        using var command = connection.CreateCommand();
        command.CommandText = "select toUInt32(number) from numbers(10)";

        await copy.WriteToServerAsync(rows, default);
        await using (var reader = await command.ExecuteReaderAsync()) await copy.WriteToServerAsync(reader, default);

        Assert.That(await Server.Scalar($"select count() from {table}"), Is.EqualTo(11UL));
    }

    [Test]
    public void A_block_whose_columns_differ_in_length_is_not_sent()
    {
        var block = Block.Of(("a", "UInt32"), ("b", "String"));
        block[0].AddValue(1u);

        Assert.That(async () => await Server.Insert("nowhere", block), Throws.InvalidOperationException);
    }

    private static Block Numbers(int count)
    {
        var block = Block.Of(("a", "UInt32"));
        for (var row = 0u; row < count; row++) block.Column<uint>("a").Add(row);
        return block;
    }
}
