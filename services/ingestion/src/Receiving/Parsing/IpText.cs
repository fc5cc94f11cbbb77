namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>Addresses as they are written, as bytes in network order: 4 or 16 of them.</summary>
internal static class IpText
{
    public const int BytesMax = 16;

    /// <summary>Returns how many bytes there are; 0 for what is no address.</summary>
    public static int Read(ReadOnlySpan<byte> text, Span<byte> address) =>
        text.Contains((byte)':') ? ReadSix(text, address) : ReadFour(text, address) ? 4 : 0;

    private static bool ReadFour(ReadOnlySpan<byte> text, Span<byte> address)
    {
        for (var part = 0; part < 4; part++)
        {
            var dot = text.IndexOf((byte)'.');
            var digits = dot < 0 ? text : text[..dot];
            if (digits.Length is 0 or > 3 || (dot < 0) != (part == 3)) return false;
            var value = 0;
            foreach (var digit in digits)
            {
                if (!char.IsAsciiDigit((char)digit)) return false;
                value = value * 10 + (digit - '0');
            }
            if (value > byte.MaxValue) return false;
            address[part] = (byte)value;
            text = text[(dot + 1)..];
        }
        return true;
    }

    private static int ReadSix(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address[..BytesMax].Clear();
        if (text.IndexOf((byte)'%') is >= 0 and var zone) text = text[..zone];
        var gap = text.IndexOf("::"u8);
        if (gap < 0) return ReadGroups(text, address) == BytesMax ? BytesMax : 0;

        Span<byte> after = stackalloc byte[BytesMax];
        var first = gap == 0 ? 0 : ReadGroups(text[..gap], address);
        var last = gap + 2 == text.Length ? 0 : ReadGroups(text[(gap + 2)..], after);
        if (first < 0 || last < 0 || first + last > BytesMax - 2) return 0;
        address[first..BytesMax].Clear();
        after[..last].CopyTo(address[(BytesMax - last)..]);
        return BytesMax;
    }

    /// <summary>Returns how many bytes were written; -1 for what are no groups.</summary>
    private static int ReadGroups(ReadOnlySpan<byte> text, Span<byte> address)
    {
        for (var written = 0; written < BytesMax; written += 2)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
                return written <= BytesMax - 4 && ReadFour(group, address[written..]) ? written + 4 : -1;
            if (group.Length is 0 or > 4) return -1;
            var value = 0;
            foreach (var digit in group)
            {
                if (!char.IsAsciiHexDigit((char)digit)) return -1;
                value = value << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            }
            (address[written], address[written + 1]) = ((byte)(value >> 8), (byte)value);
            if (colon < 0) return written + 2;
            text = text[(colon + 1)..];
        }
        return -1;
    }
}
