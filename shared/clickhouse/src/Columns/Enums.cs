using System.Globalization;

namespace Tributary.ClickHouse.Columns;

/// <summary>Enumerations: numbers that are read and written by name.</summary>
internal static class Enums
{
    public static Column Small(string type, IReadOnlyList<string> members)
    {
        var (names, numbers) = Read(members);
        return new ConvertedColumn<sbyte,
            string>(type, kept => names[kept], value => (sbyte)Number(numbers, value, type));
    }

    public static Column Large(string type, IReadOnlyList<string> members)
    {
        var (names, numbers) = Read(members);
        return new ConvertedColumn<short, string>(type, kept => names[kept], value => Number(numbers, value, type));
    }

    private static short Number(Dictionary<string, short> numbers, string value, string type) =>
        numbers.TryGetValue(value, out var number) ? number
            : throw new ArgumentException($"'{value}' is not of {type}.");

    private static (Dictionary<short, string> Names, Dictionary<string,
        short> Numbers) Read(IReadOnlyList<string> members)
    {
        var numbers = members.ToDictionary(
            member => TypeText.Unquoted(member[..member.LastIndexOf('=')]),
            member => short.Parse(member[(member.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture));
        return (numbers.ToDictionary(pair => pair.Value, pair => pair.Key), numbers);
    }
}
