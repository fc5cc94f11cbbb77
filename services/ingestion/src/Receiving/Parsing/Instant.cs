
namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// A moment as senders write it: RFC 3339, also with a blank for the T, without seconds or without a zone (then UTC).
/// </summary>
internal static class Instant
{
    /// <summary>Ticks in UTC; null for what is no moment.</summary>
    public static long? Read(ReadOnlySpan<byte> text)
    {
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return null;
        if (!TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month)
            || !TryNumber(text[8..10], out var day)) return null;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        if (text.Length == 10) return date;

        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return null;
        text = text[11..];
        if (!TryTime(ref text, out var time) || !TryZone(text, out var offset)) return null;
        var ticks = date + time - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : null;
    }

    private static bool TryTime(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 5 || text[2] != ':') return false;
        if (!TryNumber(text[..2], out var hour) || !TryNumber(text[3..5], out var minute)) return false;
        if (hour > 23 || minute > 59) return false;
        ticks = hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        text = text[5..];
        if (text.Length < 3 || text[0] != ':') return true;

        if (!TryNumber(text[1..3], out var second) || second > 60) return false;
        ticks += Math.Min(second, 59) * TimeSpan.TicksPerSecond; // A leap second is the one before it.
        text = text[3..];
        if (text.Length < 2 || text[0] is not ((byte)'.' or (byte)',')) return true;

        var unit = TimeSpan.TicksPerSecond / 10;
        for (text = text[1..]; text.Length > 0 && char.IsAsciiDigit((char)text[0]); text = text[1..], unit /= 10)
            ticks += (text[0] - '0') * unit;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z']) return true;
        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-')) return false;
        var minute = 0;
        var minutes = text[3..] is [(byte)':', .. var after] ? after : text[3..];
        if (!TryNumber(text[1..3], out var hour) || hour > 23) return false;
        if (!minutes.IsEmpty && (minutes.Length != 2 || !TryNumber(minutes, out minute) || minute > 59)) return false;
        offset = hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        if (text[0] == '-') offset = -offset;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            number = number * 10 + (digit - '0');
        }
        return true;
    }
}
