using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tributary.Contracts.Tests;

/// <summary>The protocol's files, as people read them.</summary>
internal static partial class Protocol
{
    public static string[] Files() =>
        Directory.GetFiles(Path.Combine(Path.GetDirectoryName(Here())!, "..", "protos", "tributary", "v1"), "*.proto");

    /// <summary>The lines that declare a field or an enum's value.</summary>
    public static IEnumerable<string> Fields(IEnumerable<string> lines) => lines.Where(line => Field().IsMatch(line));

    [GeneratedRegex(@"^ +[\w. ]+ = \d+;")]
    private static partial Regex Field();

    private static string Here([CallerFilePath] string path = "") => path;
}
