using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Tributary.Ingestion.Finding;

/// <summary>What every open stream stands on.</summary>
internal sealed record LiveStreams(
    LiveListeners Listeners,
    EventWindow Window,
    TailFollowing Following,
    IOptions<FindingOptions> Options,
    LiveSurroundings With)
{
    /// <summary>Tells ids of this process's life from those of another.</summary>
    public Guid Life { get; } = Guid.NewGuid();
}

internal sealed record LiveSurroundings(IHostApplicationLifetime Lifetime, TimeProvider Time, FindingMetrics Metrics);

/// <summary>
/// One open stream: first what the window has, then what arrives, in order. Says what it leaves out: <c>sampled</c>
/// (one in so many), <c>dropped</c> (the listener was too slow), <c>gap</c> (what came since the last id is no longer
/// held), <c>end</c> (the process stops, or the caller may no longer).
/// </summary>
internal sealed class LiveStream(LiveScope scope, LiveStreams streams, HttpResponse response, Func<bool> mayStill)
{
    private readonly FindingOptions _options = streams.Options.Value;
    private readonly LiveListener _listener = new(scope, streams.Options.Value, streams.With.Time);
    private SampledRate _told = new(1, 1, 0);
    private int _toldOneIn = 1;

    public async Task RunAsync(LiveId? last, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, streams.With.Lifetime.ApplicationStopping);
        streams.With.Metrics.Listening(+1);
        try
        {
            await SayAsync("retry: 2000\n\n", stop.Token);
            await streams.Following.ReadyAsync(stop.Token);
            await BeginAsync(last, stop.Token);
            await GoOnAsync(stop.Token);
            await SayAsync("event: end\ndata: {\"reason\":\"unauthorised\"}\n\n", stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (!cancellationToken.IsCancellationRequested)
                await SayAsync("event: end\ndata: {\"reason\":\"stopping\"}\n\n", cancellationToken);
        }
        finally
        {
            streams.Listeners.Remove(_listener);
            streams.With.Metrics.Listening(-1);
        }
    }

    private async Task BeginAsync(LiveId? last, CancellationToken cancellationToken)
    {
        var resumes = last is { } id && id.Life == streams.Life && streams.Window.Reaches(id.Sequence);
        var before = streams.Window.Join(_listener, resumes ? last!.Value.Sequence : 0, _options.ReplayedMax);
        if (last is not null && !resumes) await TellAsync("gap", new { since = last.ToString() }, cancellationToken);
        foreach (var arrival in before) await TellAsync(arrival, cancellationToken);
        await TellAsync("ready", new { replayed = before.Count }, cancellationToken);
    }

    /// <summary>Returns when the caller may no longer.</summary>
    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var time = streams.With.Time;
        var (saidAt, checkedAt) = (time.GetTimestamp(), time.GetTimestamp());
        while (mayStill())
        {
            streams.Following.Want();
            checkedAt = time.GetTimestamp();
            do
            {
                if (!await WaitAsync(cancellationToken)) break;

                while (_listener.Queue.TryRead(out var arrival)) await TellAsync(arrival, cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                saidAt = time.GetTimestamp();
            }
            while (time.GetElapsedTime(checkedAt) < _options.CallerCheckedEvery);

            if (await TellLeftOutAsync(cancellationToken)) saidAt = time.GetTimestamp();
            if (time.GetElapsedTime(saidAt) < _options.HeartbeatEvery) continue;

            await SayAsync(": still here\n\n", cancellationToken);
            saidAt = time.GetTimestamp();
        }
    }

    /// <returns>False when nothing came within the time after which the caller is looked at again.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var came = _listener.Queue.WaitToReadAsync(cancellationToken).AsTask();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(
            came, Task.Delay(_options.CallerCheckedEvery, streams.With.Time, patience.Token));
        await patience.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == came;
    }

    private async Task<bool> TellLeftOutAsync(CancellationToken cancellationToken)
    {
        var (dropped, rate, oneIn) = (_listener.TakeDropped(), _listener.Rate(), streams.Following.OneIn);
        if (dropped > 0)
        {
            streams.With.Metrics.Dropped(dropped);
            await TellAsync("dropped", new { count = dropped }, cancellationToken);
        }

        var isNew = (rate.OfAccepted, rate.OfRefused, oneIn) != (_told.OfAccepted, _told.OfRefused, _toldOneIn);
        if (isNew)
        {
            (_told, _toldOneIn) = (rate, oneIn);
            await TellAsync("sampled", new
            {
                acceptedOneIn = rate.OfAccepted * oneIn,
                refusedOneIn = rate.OfRefused * oneIn,
                perSecond = (long)rate.PerSecond * oneIn,
            }, cancellationToken);
        }

        if (isNew || dropped > 0) await response.Body.FlushAsync(cancellationToken);
        return isNew || dropped > 0;
    }

    private Task TellAsync(SeenArrival arrival, CancellationToken cancellationToken)
    {
        var summary = EventSummary.Of(arrival);
        return WriteAsync(
            $"id: {new LiveId(streams.Life, arrival.Sequence)}\nevent: {summary.Outcome}\n"
            + $"data: {JsonSerializer.Serialize(summary, View.Options)}\n\n", cancellationToken);
    }

    private Task TellAsync<TValue>(string name, TValue value, CancellationToken cancellationToken) =>
        SayAsync($"event: {name}\ndata: {JsonSerializer.Serialize(value, View.Options)}\n\n", cancellationToken);

    private async Task SayAsync(string text, CancellationToken cancellationToken)
    {
        await WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private Task WriteAsync(string text, CancellationToken cancellationToken) =>
        response.WriteAsync(text, cancellationToken);
}
