using NUnit.Framework;

namespace Tributary.Testing;

/// <summary>
/// Pins a text to a committed file, so that a change of it is a change that someone reads.
/// <c>TRIBUTARY_GOLDEN=write</c> writes the files anew; CI never does.
/// </summary>
public static class GoldenFile
{
    /// <param name="path">From the repository's root, with forward slashes.</param>
    public static void Matches(string path, string text) =>
        Matches(Repository.Root, path, text, Environment.GetEnvironmentVariable);

    internal static void Matches(string root, string path, string text, Func<string, string?> environment)
    {
        var file = Path.Combine(root, path);
        if (environment("TRIBUTARY_GOLDEN") == "write" && environment("CI") is null or "")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        const string Remedy = "if that is meant, run the test with TRIBUTARY_GOLDEN=write and commit the file";
        if (!File.Exists(file)) Assert.Fail($"{path} does not exist; {Remedy}");
        var kept = File.ReadAllText(file);
        if (kept != text) Assert.Fail($"{path} differs: {FirstDifference(kept, text)}; {Remedy}");
    }

    private static string FirstDifference(string kept, string text)
    {
        var expected = kept.Split('\n');
        var actual = text.Split('\n');
        var line = 0;
        while (line < expected.Length && line < actual.Length && expected[line] == actual[line]) line++;
        return $"line {line + 1} was <{At(expected, line)}> and is <{At(actual, line)}>";
    }

    private static string At(string[] lines, int line) => line < lines.Length ? lines[line] : "end of file";
}
