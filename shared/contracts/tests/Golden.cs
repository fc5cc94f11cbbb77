using System.Runtime.CompilerServices;

namespace Tributary.Contracts.Tests;

/// <summary>
/// The files that pin the wire. Run with <c>TRIBUTARY_GOLDEN=write</c> they are made anew from what the code does now,
/// and the run fails all the same, so that a change of the wire is a change that someone has read.
/// </summary>
internal static class Golden
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "golden");

    public static bool Writing => Environment.GetEnvironmentVariable("TRIBUTARY_GOLDEN") == "write";

    public static string Read(string name)
    {
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path)) Assert.Fail($"golden/{name} is missing; TRIBUTARY_GOLDEN=write makes it");
        return File.ReadAllText(path);
    }

    public static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder);

    public static void Write(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), text);
    }

    /// <summary>Compares with the file, or writes it and fails.</summary>
    public static void Match(string name, string actual)
    {
        if (Writing)
        {
            Write(name, actual);
            Assert.Fail($"golden/{name} was written; look at it, and run without TRIBUTARY_GOLDEN");
        }

        Assert.That(actual, Is.EqualTo(Read(name)), $"golden/{name}");
    }

    public static string Hex(byte[] bytes) =>
        string.Concat(bytes.Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));

    public static byte[] FromHex(string text) => Convert.FromHexString(text.ReplaceLineEndings(""));

    private static string Here([CallerFilePath] string path = "") => path;
}
