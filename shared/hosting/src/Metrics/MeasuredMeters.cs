using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace Tributary.Hosting.Metrics;

/// <summary>
/// Listens to every meter of the process, and of this host where several share a process, and keeps what they
/// measure as Prometheus counts it. Instruments of one name and kind share a family.
/// </summary>
internal sealed partial class MeasuredMeters : IDisposable
{
    private static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly double[] Bytes =
        [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

    /// <summary>The round of a gauge that is set and not observed: it holds until it is set anew.</summary>
    private const long ToldOnce = long.MaxValue;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _observing = new();
    private readonly IMeterFactory _meters;
    private readonly ILogger<MeasuredMeters> _logger;
    private readonly int _seriesMax;
    private long _round = 1;

    public MeasuredMeters(IMeterFactory meters, IOptions<MetricsOptions> options, ILogger<MeasuredMeters> logger)
    {
        (_meters, _logger, _seriesMax) = (meters, logger, options.Value.SeriesMax);
        _listener.InstrumentPublished = Subscribe;
        Measure<byte>();
        Measure<short>();
        Measure<int>();
        Measure<long>();
        Measure<float>();
        Measure<double>();
        Measure<decimal>();
        _listener.Start();
    }

    /// <summary>Asks the observable instruments, and returns what there is to tell.</summary>
    public (IReadOnlyList<Family> Families, long Round) Observe()
    {
        lock (_observing)
        {
            _round++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException faults)
            {
                ObservationFailed(faults); // The other instruments were asked all the same.
            }
            return ([.. _families.Values.OrderBy(family => family.Name.Text, StringComparer.Ordinal)], _round);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Subscribe(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope is { } scope && scope != _meters) return;

        var kind = Kind(instrument);
        var name = MetricName.Of(instrument, kind);
        var family = _families.GetOrAdd(name.Text, _ => new Family(
            name, kind, Help(instrument), kind is MetricKind.Histogram ? Bounds(instrument, name) : [], _seriesMax));
        if (family.Kind == kind)
            listener.EnableMeasurementEvents(instrument, Subscription.Of(instrument, family, name));
        else
            KindsDiffer(name.Text, instrument.Meter.Name);
    }

    private void Measure<T>()
        where T : struct, INumber<T> => _listener.SetMeasurementEventCallback<T>(
        (_, measurement, tags, state) =>
        {
            var subscription = (Subscription)state!;
            var value = double.CreateChecked(measurement) * subscription.Factor;
            if (double.IsNaN(value) || subscription.Family.Find(tags) is not { } series) return;

            if (subscription.Family.Kind is MetricKind.Histogram) series.Record(value);
            else if (subscription.IsAbsolute) series.Set(value, subscription.IsObserved ? _round : ToldOnce);
            else series.Add(value);
        });

    private static MetricKind Kind(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return generic switch
        {
            _ when generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) => MetricKind.Counter,
            _ when generic == typeof(Histogram<>) => MetricKind.Histogram,
            _ => MetricKind.Gauge,
        };
    }

    private static string Help(Instrument instrument) => string.IsNullOrWhiteSpace(instrument.Description)
        ? $"{instrument.Name} of {instrument.Meter.Name}."
        : instrument.Description;

    private static double[] Bounds(Instrument instrument, MetricName name)
    {
        var advised = instrument switch
        {
            Instrument<double> measured => measured.Advice?.HistogramBucketBoundaries?.Select(bound => bound),
            Instrument<long> measured => measured.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Instrument<int> measured => measured.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Instrument<float> measured => measured.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            _ => null,
        };
        if (advised is not null) return [.. advised.Select(bound => bound * name.Factor).Distinct().Order()];
        if (name.Text.EndsWith("_seconds", StringComparison.Ordinal)) return Seconds;
        return name.Text.EndsWith("_bytes", StringComparison.Ordinal) ? Bytes : Counts;
    }

    private sealed record Subscription(Family Family, double Factor, bool IsObserved, bool IsAbsolute)
    {
        public static Subscription Of(Instrument instrument, Family family, MetricName name)
        {
            var type = instrument.GetType();
            var isGauge = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Gauge<>);
            return new(family, name.Factor, instrument.IsObservable, instrument.IsObservable || isGauge);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An observable instrument failed")]
    private partial void ObservationFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Metric} of {Meter} is left out: the name is taken by another kind")]
    private partial void KindsDiffer(string metric, string meter);
}
