using Tributary.Ingestion.Wire;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// The fields of an <c>Event</c> where they lie. All of it is read before anything is made of it, so that what can't be
/// read leaves nothing behind.
/// </summary>
internal readonly ref struct EventFields
{
    private const int UuidLength = 16;
    private const int LastField = 31;
    private readonly Fields _fields;

    /// <exception cref="FormatException">The bytes are no event that a row can be made of.</exception>
    public EventFields(ReadOnlySpan<byte> value)
    {
        Value = value;
        for (var fields = new WireFields(value); fields.Read();)
        {
            if (fields.Number == 21) IsSessionStart = fields.Value != 0;
            if (fields.Number is 8 or 11 or 18 or 19 or 28 or 29) Walk(fields.Bytes);
            if (fields.Number > LastField || fields.Bytes.IsEmpty) continue;
            value.Overlaps(fields.Bytes, out var start);
            _fields[fields.Number] = new Place(start, fields.Bytes.Length);
        }
        if (this[1].Length != UuidLength) throw new FormatException("the organisation is no UUID");
        if (this[2].Length != UuidLength) throw new FormatException("the source is no UUID");
        if (this[15].Length is not (0 or UuidLength)) throw new FormatException("the app is no UUID");
    }

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Value { get; }

    public bool IsSessionStart { get; }

    /// <summary>A field with a length; empty where it is absent. The last one counts.</summary>
    public ReadOnlySpan<byte> this[int number] => Value.Slice(_fields[number].Start, _fields[number].Length);

    /// <summary>A timestamp in milliseconds since 1970; null where it is absent.</summary>
    public long? Time(int number)
    {
        if (_fields[number].Length == 0) return null;
        var (seconds, nanoseconds) = (0L, 0);
        for (var fields = new WireFields(this[number]); fields.Read();)
        {
            if (fields.Number == 1) seconds = (long)fields.Value;
            if (fields.Number == 2) nanoseconds = (int)fields.Value;
        }
        const long SecondsMax = long.MaxValue / 2_000;
        return (Math.Clamp(seconds, -SecondsMax, SecondsMax) * 1_000) + (nanoseconds / 1_000_000);
    }

    private static void Walk(ReadOnlySpan<byte> message)
    {
        for (var fields = new WireFields(message); fields.Read();)
        {
        }
    }

    private readonly record struct Place(int Start, int Length);

    [System.Runtime.CompilerServices.InlineArray(LastField + 1)]
    private struct Fields
    {
        private Place _first;
    }
}
