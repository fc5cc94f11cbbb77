using System.Text.Unicode;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// The marks in the query of a page's address. Their places are within the text that was read; the values still have
/// their percent signs.
/// </summary>
internal ref struct PageAddress
{
    public CampaignFields Campaign;
    public ClickIdFields ClickIds;

    /// <summary>An address, or only its query with the question mark.</summary>
    public static PageAddress Read(ReadOnlySpan<byte> text)
    {
        var marks = default(PageAddress);
        var at = text.IndexOf((byte)'?') + 1;
        if (at == 0) return marks;
        var end = text.IndexOf((byte)'#');
        if (end < 0) end = text.Length;
        while (at < end)
        {
            var length = text[at..end].IndexOf((byte)'&');
            if (length < 0) length = end - at;
            var pair = text.Slice(at, length);
            if (pair.IndexOf((byte)'=') is > 0 and var equals)
                marks.Note(pair[..equals], new Slice(at + equals + 1, length - equals - 1, isEscaped: false));
            at += length + 1;
        }
        return marks;
    }

    /// <summary>
    /// A value as text, never longer. Where it would not be UTF-8 it stays as it is. Returns the length.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var length = 0;
        for (var index = 0; index < value.Length; index++)
        {
            var letter = value[index];
            if (letter == '+') letter = (byte)' ';
            else if (letter == '%' && index + 2 < value.Length && Hex(value[index + 1]) is >= 0 and var high
                && Hex(value[index + 2]) is >= 0 and var low)
            {
                letter = (byte)(high << 4 | low);
                index += 2;
            }
            text[length++] = letter;
        }
        if (Utf8.IsValid(text[..length])) return length;
        value.CopyTo(text);
        return value.Length;
    }

    private void Note(ReadOnlySpan<byte> name, Slice value)
    {
        // Of a parameter that comes twice, the first counts, as with the platforms.
        if (CampaignParts.OfAddress(name) is >= 0 and var part)
        {
            if (Campaign[part].IsEmpty) Campaign[part] = value;
        }
        else if (Parsing.ClickIds.IndexOf(name) is >= 0 and var index && ClickIds[index].IsEmpty)
        {
            ClickIds[index] = value;
        }
    }

    private static int Hex(byte digit) => char.IsAsciiHexDigit((char)digit)
        ? digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10
        : -1;
}
