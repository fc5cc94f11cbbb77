namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Who has events in the spool, so that their later ones go there too. Counts by a hash of the key, in a table of fixed
/// size: who shares a place with someone takes the longer way without need, and nobody's order is lost. Safe on any
/// thread.
/// </summary>
internal sealed class SpooledPersons
{
    private const int Places = 1 << 16;
    private readonly int[] _counts = new int[Places];
    private long _total;

    public bool Any => Volatile.Read(ref _total) > 0;

    public static int PlaceOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode() & (Places - 1);
    }

    public bool Has(int place) => Volatile.Read(ref _counts[place]) > 0;

    /// <summary>Before the event is written: what comes after it in the same moment must see it.</summary>
    public void Add(int place)
    {
        Interlocked.Increment(ref _counts[place]);
        Interlocked.Increment(ref _total);
    }

    /// <summary>It is in the log, or could not be written.</summary>
    public void Remove(int place)
    {
        Interlocked.Decrement(ref _counts[place]);
        Interlocked.Decrement(ref _total);
    }
}
