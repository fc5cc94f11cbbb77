using System.Text.RegularExpressions;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>An error as ClickHouse words it: <c>Code: 60. DB::Exception: … (UNKNOWN_TABLE)</c>.</summary>
internal sealed partial class EngineException : Exception
{
    public EngineException(int code, string name, string text)
        : base($"Code: {code}. DB::Exception: {text} ({name})")
    {
        Code = code;
    }

    private EngineException(string message, int code)
        : base(message)
    {
        Code = code;
    }

    public int Code { get; }

    /// <summary>
    /// From the engine's own text, which repeats itself for an error that crossed one of its threads.
    /// </summary>
    public static EngineException From(string text)
    {
        var code = CodePattern().Match(text);
        if (!code.Success) return new EngineException(1002, "UNKNOWN_EXCEPTION", text.Trim());

        var message = RepeatedHead().Replace(text.Trim(), "");
        message = RepeatedTail().Replace(message, "");
        return new EngineException(message, int.Parse(code.Groups[1].ValueSpan));
    }

    [GeneratedRegex(@"Code: (\d+)\.")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^(Code: \d+\. DB::Exception: )+(?=Code: \d+\. DB::Exception: )")]
    private static partial Regex RepeatedHead();

    [GeneratedRegex(@"( \(version [^)]*\)\.?( \([A-Z_]+\))?)+$")]
    private static partial Regex RepeatedTail();
}
