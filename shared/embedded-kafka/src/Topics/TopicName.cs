using System.Buffers;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>Which names a topic may have; they are also names of folders.</summary>
internal static class TopicName
{
    private const int LengthMax = 249;

    private static readonly SearchValues<char> Legal =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static string? Refuse(string name)
    {
        if (name.Length == 0) return "Topic name is invalid: the empty string is not allowed";
        if (name is "." or "..") return "Topic name is invalid: '.' or '..' is not allowed";
        if (name.Length > LengthMax) return $"Topic name is invalid: it is longer than {LengthMax} characters";
        return name.AsSpan().ContainsAnyExcept(Legal)
            ? "Topic name is invalid: it may hold ASCII letters and digits, '.', '_' and '-'"
            : null;
    }

    /// <summary>Two names that differ in dots and underscores alone are one in the names of metrics.</summary>
    public static string Lookalike(string name) => name.Replace('.', '_');
}
