namespace Tributary.Hosting.Metrics;

/// <summary>The values of one combination of labels. Written by any thread, read by the page.</summary>
internal sealed class Series(string labels, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;
    private long _seenInRound;

    /// <summary>name="value" pairs, escaped, in the order of the names.</summary>
    public string Labels => labels;

    public void Add(double amount)
    {
        lock (_gate) _value += amount;
    }

    /// <summary>An absolute value, told in a round of observations.</summary>
    public void Set(double value, long round)
    {
        lock (_gate) (_value, _seenInRound) = (value, round);
    }

    public void Record(double value)
    {
        var bucket = Array.BinarySearch(bounds, value); // A bound belongs to its bucket: le is "less or equal".
        lock (_gate)
        {
            _buckets[bucket < 0 ? ~bucket : bucket]++;
            _value += value;
        }
    }

    public (double Value, long SeenInRound) Read()
    {
        lock (_gate) return (_value, _seenInRound);
    }

    public (long[] Buckets, double Sum) ReadBuckets()
    {
        lock (_gate) return ((long[])_buckets.Clone(), _value);
    }
}
