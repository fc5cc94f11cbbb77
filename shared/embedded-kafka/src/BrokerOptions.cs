using System.ComponentModel.DataAnnotations;
using System.Net;
using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka;

/// <summary>
/// When appended bytes are brought to the disk. A kill of the process loses nothing under any of them.
/// </summary>
public enum Fsync
{
    /// <summary>Before an append is acknowledged: a loss of power loses nothing acknowledged.</summary>
    Always,

    /// <summary>Every <see cref="BrokerOptions.FsyncInterval"/>: a loss of power loses at most that much.</summary>
    Interval,

    /// <summary>When the operating system does, as Kafka by default.</summary>
    Os,
}

/// <summary>Every knob of the broker, with its range.</summary>
public sealed class BrokerOptions
{
    /// <summary>Where it listens: loopback alone. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 9092);

    /// <summary>The port that clients are told, where something stands between them and this broker.</summary>
    public int? AdvertisedPort { get; init; }

    /// <summary>The folder of all it keeps; made where it is missing.</summary>
    public required string DataFolder { get; init; }

    public Fsync Fsync { get; init; } = Fsync.Interval;

    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A larger request closes its connection.</summary>
    public int RequestBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of large requests in memory at once; further ones wait in their sockets.</summary>
    public int InFlightBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>A large request that takes longer to arrive closes its connection: others wait for its bytes.</summary>
    public TimeSpan RequestArrivesWithin { get; init; } = TimeSpan.FromSeconds(30);

    public int ConnectionsMax { get; init; } = 1_000;

    public int PartitionsMax { get; init; } = 4_000;

    public int GroupMembersMax { get; init; } = 1_000;

    /// <summary>Whether asking for a topic by a client that allows it makes the topic.</summary>
    public bool AutoCreateTopics { get; init; } = true;

    public int PartitionsByDefault { get; init; } = 1;

    /// <summary>How long a new group waits for further members before its first assignment.</summary>
    public TimeSpan GroupStartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan SessionTimeoutMin { get; init; } = TimeSpan.FromSeconds(6);

    public TimeSpan SessionTimeoutMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a group without members keeps its offsets.</summary>
    public TimeSpan OffsetsKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often retention and compaction look at the logs.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal FsyncPolicy Policy => Fsync switch
    {
        Fsync.Always => FsyncPolicy.Always,
        Fsync.Interval => FsyncPolicy.Interval,
        _ => FsyncPolicy.Os,
    };

    /// <summary>
    /// Throws with the option's name. Without reflection, which would cost a tenth of the start's time.
    /// </summary>
    internal void Validate()
    {
        Bound(nameof(FsyncInterval), FsyncInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        Bound(nameof(RequestBytesMax), RequestBytesMax, 1024, 512 * 1024 * 1024);
        Bound(nameof(InFlightBytesMax), InFlightBytesMax, RequestBytesMax, 1024 * 1024 * 1024);
        Bound(nameof(RequestArrivesWithin), RequestArrivesWithin, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Bound(nameof(ConnectionsMax), ConnectionsMax, 1, 100_000);
        Bound(nameof(PartitionsMax), PartitionsMax, 1, 100_000);
        Bound(nameof(GroupMembersMax), GroupMembersMax, 1, 10_000);
        Bound(nameof(PartitionsByDefault), PartitionsByDefault, 1, 1_000);
        Bound(nameof(GroupStartDelay), GroupStartDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Bound(nameof(SessionTimeoutMin), SessionTimeoutMin, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        Bound(nameof(SessionTimeoutMax), SessionTimeoutMax, SessionTimeoutMin, TimeSpan.FromDays(1));
        Bound(nameof(OffsetsKept), OffsetsKept, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650));
        Bound(nameof(UpkeepInterval), UpkeepInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        if (!IPAddress.IsLoopback(Listen.Address))
            throw new ValidationException(
                $"Listen: {Listen} is not a loopback address; this broker has no authentication");
    }

    private static void Bound<T>(string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ValidationException($"{name}: {value} is not between {least} and {most}");
    }
}
