using System.Net;
using Dapper;
using FsCheck.Fluent;
using Tributary.ClickHouse.Columns;

namespace Tributary.ClickHouse.Tests;

public class Asking_with_parameters
{
    [TestCase("String", "it's \\ \t\n\r\0 {x:UInt8} ' or 1=1 --")]
    [TestCase("String", "")]
    [TestCase("Nullable(String)", null)]
    [TestCase("Nullable(String)", "\\N")]
    [TestCase("Array(String)", new[] { "a'b", "\\", "\t", "NULL", "" })]
    [TestCase("Array(Int64)", new[] { long.MinValue, 0, long.MaxValue })]
    [TestCase("Float64", double.Epsilon)]
    [TestCase("Float64", double.NegativeInfinity)]
    [TestCase("Float32", 0.1f)]
    [TestCase("Bool", true)]
    [TestCase("UInt64", ulong.MaxValue)]
    public async Task A_value_arrives_as_it_is(string type, object? value)
    {
        Assert.That(await Ask($"{{x:{type}}}", value), Is.EqualTo(value));
    }

    [Test]
    public async Task Values_of_other_types_arrive_as_they_are()
    {
        var moment = new DateTime(2026, 11, 21, 12, 34, 56, 789, DateTimeKind.Utc);
        var before = new DateTime(1950, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        var id = Guid.NewGuid();
        var map = new Dictionary<string, int> { ["a'"] = 1, ["\\"] = 2 };
        Assert.Multiple(async () =>
        {
            Assert.That(await Ask("{x:DateTime64(3, 'Asia/Tokyo')}", moment), Is.EqualTo(moment));
            Assert.That(await Ask("{x:DateTime64(3, 'UTC')}", before), Is.EqualTo(before));
            Assert.That(await Ask("{x:Date32}", new DateOnly(1950, 1, 2)), Is.EqualTo(new DateOnly(1950, 1, 2)));
            Assert.That(await Ask("{x:UUID}", id), Is.EqualTo(id));
            Assert.That(await Ask("{x:Array(UUID)}", new[] { id }), Is.EqualTo(new[] { id }));
            Assert.That(await Ask("{x:IPv6}", IPAddress.IPv6Loopback), Is.EqualTo(IPAddress.IPv6Loopback));
            Assert.That(await Ask("{x:Decimal(28, 4)}", -12345.6789m), Is.EqualTo(-12345.6789m));
            Assert.That(await Ask("{x:Decimal(76, 3)}", new ClickHouseDecimal(12345, 3)),
                Is.EqualTo(new ClickHouseDecimal(12345, 3)));
            Assert.That(await Ask("{x:Map(String, Int32)}", map), Is.EqualTo(map));
            Assert.That(await Ask("{x:Tuple(Int32, String)}", (7, "x'")), Is.EqualTo(new object[] { 7, "x'" }));
        });
    }

    [Test]
    public void Any_text_arrives_as_it_is() => FsCheck.Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll((FsCheck.UnicodeString text) =>
        {
            var value = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get ?? ""));
            var alone = Ask("{x:String}", value).GetAwaiter().GetResult();
            var inArray = (string[])Ask("{x:Array(String)}", new[] { value, "" }).GetAwaiter().GetResult()!;
            return alone is string same && same == value && inArray[0] == value;
        }));

    [Test]
    public async Task Dapper_maps_rows_and_its_parameters_are_typed_by_their_values()
    {
        await using var connection = new ClickHouseConnection(Server.Connection);

        var rows = (await connection.QueryAsync<Person>("""
            select toUInt32(number) as Id, concat('n@name ', @suffix) as Name, toNullable(1.5) as Score,
                   toDateTime('2026-01-01 00:00:00', 'UTC') as Born -- @suffix
            from numbers(10)
            where number in @ids
            order by number
            """, new { suffix = "it's", ids = new[] { 3UL, 7UL } }.AsParameters())).ToList();

        Assert.That(rows, Is.EqualTo(new[]
        {
            new Person(3, "n@name it's", 1.5, NewYear),
            new Person(7, "n@name it's", 1.5, NewYear),
        }));
    }

    [Test]
    public async Task A_command_speaks_clickhouses_own_placeholders_too()
    {
        await using var connection = new ClickHouseConnection(Server.Connection);
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = "select {a:UInt8} + @b";
        command.Parameters.AddWithValue("a", 1);
        command.Parameters.AddWithValue("@b", 41);

        Assert.Multiple(async () =>
        {
            Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(42L));
            Assert.That(connection.ServerVersion, Does.Match(@"^\d+\.\d+"));
        });
    }

    private static Task<object?> Ask(string expression, object? value) => Server.Scalar($"select {expression}",
        new QueryOptions { Parameters = new Dictionary<string, object?> { ["x"] = value } });

    private static readonly DateTime NewYear = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private sealed record Person(uint Id, string Name, double? Score, DateTime Born);
}

internal static class DapperParameters
{
    /// <summary>Hands arrays on as arrays, which Dapper would otherwise spell out in the statement.</summary>
    public static SqlMapper.IDynamicParameters AsParameters(this object values) => new Whole(values);

    private sealed class Whole(object values) : SqlMapper.IDynamicParameters
    {
        public void AddParameters(System.Data.IDbCommand command, SqlMapper.Identity identity)
        {
            foreach (var property in values.GetType().GetProperties())
            {
                ((ClickHouseCommand)command).Parameters.AddWithValue(property.Name, property.GetValue(values));
            }
        }
    }
}
