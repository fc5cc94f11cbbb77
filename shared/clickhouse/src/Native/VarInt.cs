namespace Tributary.ClickHouse.Native;

/// <summary>Lengths as the Native format writes them: seven bits a byte, the lowest first.</summary>
internal static class VarInt
{
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int length)
    {
        value = 0;
        for (length = 0; length < source.Length;)
        {
            var next = source[length];
            if (length == 4 && next > 7) throw new InvalidDataException("A length is beyond two gigabytes.");
            value |= (next & 0x7f) << (7 * length);
            length++;
            if (next < 0x80) return true;
        }

        return false;
    }

    public static int Write(Span<byte> target, int value)
    {
        var length = 0;
        for (var rest = (uint)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                target[length++] = (byte)rest;
                return length;
            }

            target[length++] = (byte)(rest | 0x80);
        }
    }
}
