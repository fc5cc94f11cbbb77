using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming;

/// <summary>
/// Every number streaming reports. Of records read, each is counted once, when its batch is kept:
/// read = handled + skipped (by reason) + rejected (by reason).
/// </summary>
public sealed class StreamingMetrics
{
    public const string MeterName = "Tributary.Streaming";

    private readonly Meter _meter;
    private readonly Counter<long> _read;
    private readonly Counter<long> _handled;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _batches;
    private readonly Histogram<double> _handling;
    private readonly Counter<long> _sent;
    private readonly Histogram<double> _sending;
    private readonly ConcurrentDictionary<(string Consumer, string Topic, int Partition), long> _lag = [];

    public StreamingMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        _read = meter.CreateCounter<long>("tributary.reader.read", "{record}", "Records of batches that were kept");
        _handled = meter.CreateCounter<long>("tributary.reader.handled", "{record}");
        _skipped = meter.CreateCounter<long>("tributary.reader.skipped", "{record}");
        _rejected = meter.CreateCounter<long>("tributary.reader.rejected", "{record}", "Sent to dead letters");
        _batches = meter.CreateCounter<long>("tributary.reader.batches", "{batch}", "By outcome");
        _handling = meter.CreateHistogram<double>("tributary.reader.handling", "s", "From hand-over to its outcome");
        _sent = meter.CreateCounter<long>("tributary.producer.records", "{record}", "By outcome");
        _sending = meter.CreateHistogram<double>("tributary.producer.sending", "s", "From the call to the last answer");
        meter.CreateObservableGauge("tributary.reader.lag", Lags, "{record}", "Between the stored offset and the end");
    }

    /// <summary>Whether a meter is this one's, where several of the same name live in one process.</summary>
    internal bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    internal void BatchKept(string consumer, string topic, BatchCount count)
    {
        _read.Add(count.Read, Tags(consumer, topic));
        _handled.Add(count.Handled, Tags(consumer, topic));
        foreach (var (reason, records) in count.Skipped) _skipped.Add(records, Tags(consumer, topic, reason));
        foreach (var (reason, records) in count.Rejected) _rejected.Add(records, Tags(consumer, topic, reason));
    }

    internal void BatchEnded(string consumer, string topic, string outcome, TimeSpan took)
    {
        _batches.Add(1, [.. Tags(consumer, topic), new("outcome", outcome)]);
        _handling.Record(took.TotalSeconds, Tags(consumer, topic));
    }

    internal void Lag(string consumer, string topic, int partition, long records) =>
        _lag[(consumer, topic, partition)] = records;

    internal void NotRead(string consumer, string topic, int partition) =>
        _lag.TryRemove((consumer, topic, partition), out _);

    internal void RecordsSent(string producer, int count, Delivery? worst, TimeSpan took)
    {
        var outcome = worst switch { null => "kept", Delivery.Unknown => "unknown", _ => "refused" };
        _sent.Add(count, new("producer", producer), new("outcome", outcome));
        _sending.Record(took.TotalSeconds, new KeyValuePair<string, object?>("producer", producer));
    }

    internal void RecordsSent(string producer, IReadOnlyList<Delivery> each, TimeSpan took)
    {
        var kept = each.Count(delivery => delivery is Delivery.Kept);
        var unknown = each.Count(delivery => delivery is Delivery.Unknown);
        Add("kept", kept);
        Add("unknown", unknown);
        Add("refused", each.Count - kept - unknown);
        _sending.Record(took.TotalSeconds, new KeyValuePair<string, object?>("producer", producer));

        void Add(string outcome, int count)
        {
            if (count > 0) _sent.Add(count, new("producer", producer), new("outcome", outcome));
        }
    }

    private IEnumerable<Measurement<long>> Lags() => _lag.Select(lag => new Measurement<long>(
        lag.Value, [.. Tags(lag.Key.Consumer, lag.Key.Topic), new("partition", lag.Key.Partition)]));

    private static KeyValuePair<string, object?>[] Tags(string consumer, string topic) =>
        [new("consumer", consumer), new("topic", topic)];

    private static KeyValuePair<string, object?>[] Tags(string consumer, string topic, string reason) =>
        [new("consumer", consumer), new("topic", topic), new("reason", reason)];
}

/// <summary>What became of the records of a batch; the parts add up to <see cref="Read"/>.</summary>
internal sealed record BatchCount(
    int Read, int Handled, IReadOnlyDictionary<string, int> Skipped, IReadOnlyDictionary<string, int> Rejected);
