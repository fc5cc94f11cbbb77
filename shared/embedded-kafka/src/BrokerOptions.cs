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

    /// <summary>The folder of all it keeps; made where it is missing.</summary>
    public required string DataFolder { get; init; }

    public Fsync Fsync { get; init; } = Fsync.Interval;

    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A larger request closes its connection.</summary>
    [Range(1024, 512 * 1024 * 1024)]
    public int RequestBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of large requests in memory at once; further ones wait in their sockets.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int InFlightBytesMax { get; init; } = 64 * 1024 * 1024;

    [Range(1, 100_000)]
    public int ConnectionsMax { get; init; } = 1_000;

    [Range(1, 100_000)]
    public int PartitionsMax { get; init; } = 4_000;

    [Range(1, 10_000)]
    public int GroupMembersMax { get; init; } = 1_000;

    /// <summary>Whether asking for a topic by a client that allows it makes the topic.</summary>
    public bool AutoCreateTopics { get; init; } = true;

    [Range(1, 1_000)]
    public int PartitionsByDefault { get; init; } = 1;

    /// <summary>How long a new group waits for further members before its first assignment.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan GroupStartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SessionTimeoutMin { get; init; } = TimeSpan.FromSeconds(6);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SessionTimeoutMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a group without members keeps its offsets.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan OffsetsKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often retention and compaction look at the logs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal FsyncPolicy Policy => Fsync switch
    {
        Fsync.Always => FsyncPolicy.Always,
        Fsync.Interval => FsyncPolicy.Interval,
        _ => FsyncPolicy.Os,
    };

    internal void Validate()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        if (!IPAddress.IsLoopback(Listen.Address))
            throw new ValidationException(
                $"Listen: {Listen} is not a loopback address; this broker has no authentication");
        if (InFlightBytesMax < RequestBytesMax)
            throw new ValidationException(
                "InFlightBytesMax is smaller than RequestBytesMax: the largest request would wait for ever");
    }
}
