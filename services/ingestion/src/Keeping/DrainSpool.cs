using Tributary.Contracts;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Sends what is in the spool to the log, in its order: what it sent is always a prefix of what is there, and what it
/// sends again after a failure begins where the last one that is kept ended.
/// </summary>
internal sealed partial class DrainSpool(
    Spool spool, SpooledPersons persons, Keeper keeper, Producers producers, ILogger<DrainSpool> logger)
    : BackgroundService
{
    private const int BatchBytesMax = 1 << 20;
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private readonly byte[] _buffer = new byte[SpoolRecord.BodyBytesMax + SpoolRecord.HeadLength];
    private RecordProducer? _producer;
    private SpoolFile? _file;
    private long _sent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = PauseFirst;
        try
        {
            while (true)
            {
                var batch = ReadNext();
                if (batch.Count == 0)
                {
                    await WaitForMoreAsync(stoppingToken);
                    continue;
                }
                if (await SendAsync(batch, stoppingToken))
                {
                    pause = PauseFirst;
                    continue;
                }
                await Task.Delay(pause, TimeProvider.System, stoppingToken);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, PauseMax.Ticks));
            }
        }
        finally
        {
            _producer?.Dispose();
        }
    }

    private List<Spooled> ReadNext()
    {
        List<Spooled> batch = [];
        if (spool.First is not { } first) return batch;
        if (first != _file) (_file, _sent) = (first, 0);
        var read = _file.Read(_buffer, _sent);
        for (var at = 0; at < BatchBytesMax && SpoolRecord.TryRead(
            _buffer.AsSpan(at, read - at), out var key, out var value, out var length); at += length)
        {
            batch.Add(new(new(Topics.Received.Name, key.ToArray(), value.ToArray()), length));
        }
        return batch;
    }

    private async Task<bool> SendAsync(List<Spooled> batch, CancellationToken cancellationToken)
    {
        try
        {
            _producer ??= producers.Gapless("spool");
            var deliveries = await _producer.SendAsync([.. batch.Select(one => one.Record)], cancellationToken);
            deliveries.EnsureKept();
        }
        catch (Exception exception) when (exception is ProducerFailedException or NotDeliveredException)
        {
            NotSent(exception.Message, batch.Count);
            _producer?.Dispose();
            _producer = null;
            return false;
        }
        foreach (var one in batch)
        {
            _sent += one.Length;
            persons.Remove(SpooledPersons.PlaceOf(one.Record.Key));
        }
        keeper.Saw(LogSign.DrainedAndKept);
        return true;
    }

    /// <summary>All of the oldest file is in the log: it goes, or more comes.</summary>
    private async Task WaitForMoreAsync(CancellationToken cancellationToken)
    {
        if (_file is { } file && spool.TryRemoveFirst(file, _sent)) _file = null;
        else await spool.WaitAsync(_sent, cancellationToken);
    }

    private sealed record Spooled(OutgoingRecord Record, int Length);

    [LoggerMessage(LogLevel.Warning, "{Count} events of the spool are not in the log yet: {Reason}")]
    private partial void NotSent(string reason, int count);
}
