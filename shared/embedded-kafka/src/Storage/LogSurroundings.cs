using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>When appended bytes are brought to the disk, as a guard against a loss of power.</summary>
internal enum FsyncPolicy
{
    /// <summary>Before an append is acknowledged; appends that meet share one flush.</summary>
    Always,

    /// <summary>Every so often; acknowledged at once.</summary>
    Interval,

    /// <summary>When the operating system likes to; closed segments are flushed as Kafka does.</summary>
    Os,
}

/// <summary>What all logs of a broker share.</summary>
internal sealed record LogSurroundings(FsyncPolicy Fsync, TimeProvider Time, ILogger Logger)
{
    /// <summary>Logs with appends that are not on the disk yet, each at most once; read by the flusher.</summary>
    public ConcurrentQueue<PartitionLog> Dirty { get; } = new();

    public TimeSpan ProducerAgeMax { get; init; } = TimeSpan.FromDays(1);
    public int ProducersMax { get; init; } = 10_000;
}
