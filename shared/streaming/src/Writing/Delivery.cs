namespace Tributary.Streaming.Writing;

/// <summary>What became of a record that was sent.</summary>
public abstract record Delivery
{
    private Delivery() { }

    /// <summary>It is in the log, on every replica that must have it.</summary>
    public sealed record Kept(int Partition, long Offset) : Delivery;

    /// <summary>It is certain not to be in the log.</summary>
    /// <param name="Lasting">Sending the same record again will be refused again.</param>
    public sealed record Refused(string Reason, bool Lasting) : Delivery;

    /// <summary>It may be in the log, or may get there yet.</summary>
    public sealed record Unknown(string Reason) : Delivery;
}

/// <summary>What became of each record of one call, index by index.</summary>
public sealed record Deliveries(IReadOnlyList<Delivery> Each)
{
    /// <summary>For callers whose work only counts when all is kept.</summary>
    /// <exception cref="NotDeliveredException">A record was refused or is unknown.</exception>
    public void EnsureKept()
    {
        for (var index = 0; index < Each.Count; index++)
        {
            if (Each[index] is not Delivery.Kept) throw new NotDeliveredException(index, Each[index]);
        }
    }
}

/// <summary>A record was not kept, or nobody knows.</summary>
public sealed class NotDeliveredException(int index, Delivery delivery)
    : Exception($"record {index} of the call was not kept: {delivery}")
{
    public Delivery Delivery { get; } = delivery;
}
