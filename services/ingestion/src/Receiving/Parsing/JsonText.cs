using System.Globalization;
using System.Text;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// Strings of JSON as text. What is read here went through a JSON reader before, so every escape is whole. Half of a
/// surrogate pair, which senders make by cutting text, becomes the replacement character.
/// </summary>
internal static class JsonText
{
    private const int EscapedUnit = 6; // \u0041

    /// <summary>Without its escapes, which never makes it longer. Returns the length.</summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> text)
    {
        var length = 0;
        while (escaped.IndexOf((byte)'\\') is >= 0 and var plain)
        {
            escaped[..plain].CopyTo(text[length..]);
            length += plain;
            escaped = escaped[plain..];
            if (escaped[1] == 'u')
            {
                var rune = RuneAt(escaped, out var read);
                length += rune.EncodeToUtf8(text[length..]);
                escaped = escaped[read..];
            }
            else
            {
                text[length++] = Single(escaped[1]);
                escaped = escaped[2..];
            }
        }
        escaped.CopyTo(text[length..]);
        return length + escaped.Length;
    }

    /// <summary>Without the blanks of ASCII at both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\v\f"u8);

    private static Rune RuneAt(ReadOnlySpan<byte> escaped, out int read)
    {
        var first = UnitAt(escaped);
        read = EscapedUnit;
        if (Rune.TryCreate(first, out var rune)) return rune;
        var rest = escaped[EscapedUnit..];
        var hasSecond = rest.Length >= EscapedUnit && rest[0] == '\\' && rest[1] == 'u';
        if (!hasSecond || !Rune.TryCreate(first, UnitAt(rest), out rune)) return Rune.ReplacementChar;
        read = 2 * EscapedUnit;
        return rune;
    }

    private static char UnitAt(ReadOnlySpan<byte> escaped) =>
        (char)ushort.Parse(escaped[2..EscapedUnit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Single(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter, // A quote, a slash, a backslash.
    };
}
