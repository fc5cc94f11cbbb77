using FsCheck;
using FsCheck.Fluent;
using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Tests;

public class Carrying_every_type
{
    [TestCaseSource(typeof(Values), nameof(Values.All))]
    public async Task A_value_is_read_as_it_is_there(string type, string literal, object? value)
    {
        var read = await Server.Scalar($"select cast({literal} as {type})");

        Assert.That(read, Is.EqualTo(value));
    }

    [TestCaseSource(typeof(Values), nameof(Values.All))]
    public async Task A_value_is_there_as_it_was_written_among_others(string type, string literal, object? value)
    {
        var table = await Server.Table($"n UInt8, v {type}", "Memory");
        var block = Block.Of(("n", "UInt8"), ("v", type));
        for (byte row = 0; row < 3; row++)
        {
            block[0].AddValue(row);
            if (row == 1) block[1].AddValue(value);
            else block[1].AddDefault();
        }

        await Server.Insert(table, block);

        var same = value is null ? "isNull(v)" : $"toString(v) = toString(cast({literal} as {type}))";
        Assert.Multiple(async () =>
        {
            Assert.That(await Server.Scalar($"select count() from {table} where n = 1 and {same}"), Is.EqualTo(1UL));
            Assert.That(await Server.Scalar($"select v from {table} where n = 1"), Is.EqualTo(value));
            Assert.That(await Server.Scalar($"select count() from {table}"), Is.EqualTo(3UL));
        });
    }

    [Test]
    public async Task Any_rows_of_the_usual_types_come_back_as_they_went()
    {
        const string Columns = "n UInt32, i Int64, d Float64, s String, o Nullable(String), l LowCardinality(String), "
            + "a Array(Int32), g UUID, t DateTime64(6, 'UTC'), m Decimal(18, 4)";
        var table = await Server.Table(Columns, "Memory");
        var rows = Gen.Sample(Row, 500).ToArray();
        var block = Block.Of([.. Columns.Replace("18, 4", "18;4", StringComparison.Ordinal)
            .Replace("6, 'UTC'", "6;'UTC'", StringComparison.Ordinal).Split(", ")
            .Select(column => column.Replace(";", ", ", StringComparison.Ordinal).Split(' ', 2))
            .Select(parts => (parts[0], parts[1]))]);
        for (var number = 0; number < rows.Length; number++)
        {
            block[0].AddValue((uint)number);
            for (var index = 0; index < rows[number].Length; index++) block[index + 1].AddValue(rows[number][index]);
        }

        await Server.Insert(table, block);

        var read = new List<object?[]>();
        await using var reader = await Server.Client.QueryAsync($"select * except n from {table} order by n",
            options: null, default);
        while (await reader.ReadAsync(default))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                read.Add(
                    [.. Enumerable.Range(0, reader.Block.ColumnCount).Select(index => reader.Block[index].Value(row))]);
            }
        }

        Assert.That(read, Is.EqualTo(rows));
    }

    [TestCase(200)]
    [TestCase(60_000)]
    [TestCase(150_000)]
    public async Task Few_values_may_become_many(int values)
    {
        var table = await Server.Table("v LowCardinality(String)");
        var block = Block.Of(("v", "LowCardinality(String)"));
        var column = block.Column<string>("v");
        for (var row = 0; row < values; row++) column.Add($"value {row}");

        await Server.Insert(table, block);

        Assert.That(await Server.Scalar($"select uniqExact(v) from {table}"), Is.EqualTo((ulong)values));
        var read = (await Server.Column($"select v from {table}")).ToHashSet();
        Assert.That(read, Has.Count.EqualTo(values));
    }

    [TestCase("Decimal(9, 2)", 1.234)]
    [TestCase("Decimal(9, 2)", 12345678.0)]
    [TestCase("UInt8", 256)]
    [TestCase("UInt8", null)]
    [TestCase("Enum8('a' = 1)", "b")]
    [TestCase("FixedString(2)", "abc")]
    public void A_value_that_does_not_fit_is_refused_before_it_is_sent(string type, object? value)
    {
        var column = ColumnOf.Type(type);

        Assert.That(() => column.AddValue(value is double number ? (decimal)number : value), Throws.Exception);
    }

    [Test]
    public void A_type_that_is_not_known_is_said_by_name()
    {
        Assert.That(() => ColumnOf.Type("AggregateFunction(sum, UInt8)"),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("AggregateFunction(sum, UInt8)"));
    }

    private static Gen<object?[]> Row =>
        from number in ArbMap.Default.GeneratorFor<long>()
        from real in ArbMap.Default.GeneratorFor<NormalFloat>()
        from text in ArbMap.Default.GeneratorFor<UnicodeString>()
        from absent in ArbMap.Default.GeneratorFor<bool>()
        from few in Gen.Elements("a", "b", "", "ü")
        from list in ArbMap.Default.GeneratorFor<int[]>()
        from id in ArbMap.Default.GeneratorFor<Guid>()
        from micros in Gen.Choose(int.MinValue, int.MaxValue)
        from money in Gen.Choose(int.MinValue, int.MaxValue)
        select new object?[]
        {
            number, real.Get, Whole(text.Get), absent ? null : Whole(text.Get), few, list, id,
            DateTime.UnixEpoch.AddMicroseconds(micros * 1000L), money / 10000m,
        };

    /// <summary>Without halves of surrogate pairs, which no text encoding carries.</summary>
    private static string Whole(string? text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""));
}
