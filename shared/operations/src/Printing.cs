using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tributary.Operations;

/// <summary>Tables and JSON as people and programs read them.</summary>
internal static class Printing
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For terminals, not for pages.
    };

    public static async Task TableAsync(TextWriter output, string[] titles, IEnumerable<object?[]> rows)
    {
        string[][] lines = [titles, .. rows.Select(row => row.Select(cell => OneLine($"{cell}")).ToArray())];
        int[] widths = [.. titles.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (var line in lines)
            await output.WriteLineAsync(
                string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>What comes from records may hold anything, line ends and escape sequences included.</summary>
    public static string OneLine(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
