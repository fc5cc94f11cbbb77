using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Authorisation;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// Writes down what was refused and why, for its sender to look at. A courtesy that may not cost the edge its life: a
/// source has so many a second, few wait to be written, and the rest is only counted.
/// </summary>
internal sealed partial class RecordRejections(
    Producers producers, ReceivingOptions options, ReceivingMetrics metrics, TimeProvider time,
    ILogger<RecordRejections> logger) : BackgroundService
{
    private const int BodyBytesMax = 64 << 10;
    private const int WaitingMax = 128;
    private const int SourcesMax = 10_000;

    private readonly Channel<RejectedEvent> _waiting = Channel.CreateBounded<RejectedEvent>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly ConcurrentDictionary<Guid, long> _seconds = [];

    /// <summary>Never waits.</summary>
    public void Record(SourceAccess source, string route, Parsing.Refusal refusal, ReadOnlySpan<byte> body, int index)
    {
        if (!MayRecord(source.Source) || !_waiting.Writer.TryWrite(Describe(source, route, refusal, body, index)))
            metrics.Unrecorded();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var producer = producers.For(Topics.EventsRejected);
        List<RejectedEvent> taken = [];
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            taken.Clear();
            while (taken.Count < WaitingMax && _waiting.Reader.TryRead(out var rejected)) taken.Add(rejected);
            try
            {
                var deliveries = await producer.SendAsync(taken, stoppingToken);
                foreach (var delivery in deliveries.Each.Where(delivery => delivery is not Delivery.Kept))
                    metrics.Unrecorded();
            }
            catch (ProducerFailedException exception)
            {
                foreach (var _ in taken) metrics.Unrecorded();
                NotRecorded(exception, taken.Count);
            }
        }
    }

    private RejectedEvent Describe(
        SourceAccess source, string route, Parsing.Refusal refusal, ReadOnlySpan<byte> body, int index) => new()
        {
            Organisation = Bytes(source.Organisation),
            Source = Bytes(source.Source),
            Rejection = Bytes(Guid.CreateVersion7(time.GetUtcNow())),
            ReceivedAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            Route = route,
            Reason = refusal.Reason,
            Detail = refusal.Detail,
            Body = ByteString.CopyFrom(body[..Math.Min(body.Length, BodyBytesMax)]),
            Truncated = body.Length > BodyBytesMax,
            Index = index,
        };

    /// <summary>Counts in whole seconds: the second in the upper half, how many in it in the lower.</summary>
    private bool MayRecord(Guid source)
    {
        if (_seconds.Count > SourcesMax) _seconds.Clear();
        var second = time.GetUtcNow().ToUnixTimeSeconds() << 32;
        var counted = _seconds.AddOrUpdate(
            source, second + 1, (_, known) => known >> 32 == second >> 32 ? known + 1 : second + 1);
        return (counted & uint.MaxValue) <= options.RejectionsPerSecondMax;
    }

    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    [LoggerMessage(LogLevel.Warning, "{Count} refusals could not be written down")]
    private partial void NotRecorded(Exception exception, int count);
}
