namespace Tributary.ClickHouse.Parameters;

/// <summary>Names as ClickHouse's SQL takes them.</summary>
public static class Sql
{
    public static string Identifier(string name) =>
        $"`{name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("`", @"\`", StringComparison.Ordinal)}`";
}
