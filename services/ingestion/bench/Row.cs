namespace Tributary.Ingestion.Bench;

/// <summary>What a request holds.</summary>
internal enum Shape
{
    Single,
    Batch,
    Gzip,
}

/// <summary>What a peer reached as a ratio to nginx in its own run, on other two cores.</summary>
internal sealed record PeerRatios(double Rudder, double PostHog);

/// <summary>A load that everyone is given.</summary>
internal sealed record Row(string Name, Shape Shape, int Connections)
{
    /// <summary>Null where no peer was measured with such a load.</summary>
    public PeerRatios? Peers { get; init; }

    /// <summary>Waits until everything can be asked of ClickHouse, and counts that time too.</summary>
    public bool UntilQueryable { get; init; }

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        new("single-32", Shape.Single, 32) { Peers = new(.017, .012) },
        new("single-128", Shape.Single, 128) { Peers = new(.063, .045) },
        new("single-1024", Shape.Single, 1024) { Peers = new(.14, .21) },
        new("batch-32", Shape.Batch, 32) { Peers = new(.0081, .015) },
        new("batch-128", Shape.Batch, 128) { Peers = new(.0082, .017) },
        new("gzip-32", Shape.Gzip, 32),
        new("gzip-128", Shape.Gzip, 128),
        new("arrives-single-128", Shape.Single, 128) { UntilQueryable = true },
        new("arrives-batch-32", Shape.Batch, 32) { UntilQueryable = true },
    ];

    public int EventsInRequest => Shape == Shape.Single ? 1 : LoadRequest.EventsInBatch;

    public LoadRequest RequestTo(Subject subject) => Shape == Shape.Single
        ? LoadRequest.Single(subject.Authorization, subject.Address)
        : LoadRequest.Batch(subject.Authorization, subject.Address, gzip: Shape == Shape.Gzip);
}
