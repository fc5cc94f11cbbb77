using System.Globalization;
using System.Net;
using System.Numerics;
using Tributary.ClickHouse.Columns;

namespace Tributary.ClickHouse.Tests;

/// <summary>Each type with its edges: how ClickHouse writes the value, and what it is in .NET.</summary>
internal static class Values
{
    private static readonly BigInteger Big = BigInteger.Pow(2, 255);

    public static IEnumerable<TestCaseData> All() => Numbers().Concat(Texts()).Concat(Moments()).Concat(Composites())
        .Select(value =>
            new TestCaseData(value.Type, value.Literal, value.Value).SetArgDisplayNames(value.Type, value.Literal));

    public static IEnumerable<(string Type, string Literal, object? Value)> Numbers() =>
    [
        ("UInt8", "0", byte.MinValue), ("UInt8", "255", byte.MaxValue),
        ("UInt16", "65535", ushort.MaxValue), ("UInt32", "4294967295", uint.MaxValue),
        ("UInt64", "18446744073709551615", ulong.MaxValue),
        ("UInt128", "'340282366920938463463374607431768211455'", UInt128.MaxValue),
        ("UInt256", $"'{(Big * 2) - 1}'", (Big * 2) - 1),
        ("Int8", "-128", sbyte.MinValue), ("Int8", "127", sbyte.MaxValue),
        ("Int16", "-32768", short.MinValue), ("Int32", "-2147483648", int.MinValue),
        ("Int64", "-9223372036854775808", long.MinValue), ("Int64", "9223372036854775807", long.MaxValue),
        ("Int128", "'-170141183460469231731687303715884105728'", Int128.MinValue),
        ("Int256", $"'{-Big}'", -Big), ("Int256", $"'{Big - 1}'", Big - 1), ("Int256", "-1", BigInteger.MinusOne),
        ("Float32", "1.5", 1.5f), ("Float32", "inf", float.PositiveInfinity),
            ("Float64", "-inf", double.NegativeInfinity),
        ("Float64", "5e-324", double.Epsilon), ("Float64", "1.7976931348623157e308", double.MaxValue),
        ("Bool", "true", true), ("Bool", "false", false),
        ("Decimal(9, 4)", "'-99999.9999'", -99999.9999m),
            ("Decimal(18, 0)", "'999999999999999999'", 999999999999999999m),
        ("Decimal(28, 10)", "'123456789012345678.0123456789'", 123456789012345678.0123456789m),
        ("Decimal(38, 38)", "'-0.99999999999999999999999999999999999999'",
            new ClickHouseDecimal(1 - BigInteger.Pow(10, 38), 38)),
        ("Decimal(76, 20)", $"'{new ClickHouseDecimal(BigInteger.Pow(10, 76) - 1, 20)}'",
            new ClickHouseDecimal(BigInteger.Pow(10, 76) - 1, 20)),
    ];

    public static IEnumerable<(string Type, string Literal, object? Value)> Texts() =>
    [
        ("String", "''", ""), ("String", @"'it\'s \\ \t\n\0 ü 🦀'", "it's \\ \t\n\0 ü 🦀"),
        ("String", "repeat('x', 1000000)", new string('x', 1_000_000)),
        ("FixedString(4)", "'ab'", "ab\0\0"u8.ToArray()),
        ("UUID", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", Guid.Parse("61f0c404-5cb3-11e7-907b-a6006ad3dba0")),
        ("UUID", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", Guid.AllBitsSet),
        ("IPv4", "'192.168.0.255'", IPAddress.Parse("192.168.0.255")),
        ("IPv6", "'2001:db8::8a2e:370:7334'", IPAddress.Parse("2001:db8::8a2e:370:7334")),
        ("Enum8('a' = -128, 'it\\'s, = b' = 127)", "'it\\'s, = b'", "it's, = b"),
        ("Enum16('x' = -32768, 'y' = 32767)", "'x'", "x"),
        ("LowCardinality(String)", "'few'", "few"), ("LowCardinality(String)", "''", ""),
        ("LowCardinality(Nullable(String))", "NULL", null), ("LowCardinality(Nullable(String))", "''", ""),
        ("JSON", """'{"a":{"b":[1,2]},"c":"x"}'""", """{"a":{"b":[1,2]},"c":"x"}"""),
    ];

    public static IEnumerable<(string Type, string Literal, object? Value)> Moments() =>
    [
        ("Date", "'1970-01-01'", new DateOnly(1970, 1, 1)), ("Date", "'2149-06-06'", new DateOnly(2149, 6, 6)),
        ("Date32", "'1900-01-01'", new DateOnly(1900, 1, 1)), ("Date32", "'2299-12-31'", new DateOnly(2299, 12, 31)),
        ("DateTime('UTC')", "'2106-02-07 06:28:15'", Utc("2106-02-07T06:28:15Z")),
        ("DateTime('Asia/Tokyo')", "'2026-01-01 09:00:00'", Utc("2026-01-01T00:00:00Z")),
        ("DateTime64(3, 'UTC')", "'1900-01-01 00:00:00.001'", Utc("1900-01-01T00:00:00.001Z")),
        ("DateTime64(6, 'UTC')", "'1969-12-31 23:59:59.999999'", Utc("1969-12-31T23:59:59.999999Z")),
        ("DateTime64(9, 'UTC')", "'2026-11-21 12:00:00.123456700'", Utc("2026-11-21T12:00:00.1234567Z")),
        ("DateTime64(0, 'UTC')", "'2299-12-31 23:59:59'", Utc("2299-12-31T23:59:59Z")),
    ];

    public static IEnumerable<(string Type, string Literal, object? Value)> Composites() =>
    [
        ("Nullable(UInt64)", "NULL", null), ("Nullable(UInt64)", "7", 7UL), ("Nullable(String)", "''", ""),
        ("Array(String)", "[]", Array.Empty<string>()), ("Array(String)", "['a', '']", new[] { "a", "" }),
        ("Array(Array(Nullable(Int32)))", "[[1, NULL], []]", new[] { new int?[] { 1, null }, [] }),
        ("Array(LowCardinality(String))", "[]", Array.Empty<string>()),
        ("Array(LowCardinality(Nullable(String)))", "['a', NULL, 'a']", new string?[] { "a", null, "a" }),
        ("Map(String, UInt64)", "map('a', 1, 'b', 2)", new Dictionary<string, ulong> { ["a"] = 1, ["b"] = 2 }),
        ("Map(LowCardinality(String), Array(UUID))", "map()", new Dictionary<string, Guid[]>()),
        ("Tuple(UInt8, String)", "(1, 'x')", new object?[] { (byte)1, "x" }),
        ("Tuple(a UInt8, `b c` Nullable(String), d Tuple(Array(Date)))", "(1, NULL, tuple([toDate('2026-01-01')]))",
            new object?[] { (byte)1, null, new object?[] { new[] { new DateOnly(2026, 1, 1) } } }),
        ("Point", "(1.5, -2)", new object?[] { 1.5, -2.0 }),
        ("Nested(a UInt8, b String)", "[(1, 'x')]", new[] { new object?[] { (byte)1, "x" } }),
    ];

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
