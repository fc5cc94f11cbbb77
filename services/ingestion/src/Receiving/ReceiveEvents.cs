using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using Tributary.Authorisation;
using Tributary.Ingestion.Keeping;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// Takes a request of a sender, in five steps: who sends, the body, what is in it, keeping it, the answer. 200 means
/// that every event of it is kept. Allocates per request, never per event.
/// </summary>
internal sealed class ReceiveEvents(
    AccountDirectory accounts, Keeper keeper, RecordRejections rejections, ReceivingMetrics metrics,
    Surroundings around)
{
    private readonly DeviceCache _devices = new();
    private readonly StringValues _retryAfter = Answer.Seconds(around.Options.RetryAfter);

    [ThreadStatic]
    private static Workbench? t_bench;

    public async Task HandleAsync(HttpContext http, SenderRoute route)
    {
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            await BrowserOrigins.AnswerPreflight(http);
            return;
        }
        BrowserOrigins.Reflect(http);
        var answer = await TakeAsync(http, route);
        await answer.WriteAsync(http, _retryAfter);
    }

    private async ValueTask<Answer> TakeAsync(HttpContext http, SenderRoute route)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) return Answer.MethodNotAllowed;

        // 1. Who sends. A key that is no good costs no more than its head.
        var isShown = WriteKey.TryHead(accounts, http.Request, out var source);
        if (isShown && source is null) return RefuseKey();

        // 2. The body, within its limits of bytes and time.
        using var body = new RequestBody(around.Options, around.Room, around.Time);
        if (await body.ReadAsync(http.Request) is { } fault) return AnswerTo(fault, source, route);

        // 3. and 4. What is in it, handed over to be kept.
        var startedAt = Stopwatch.GetTimestamp();
        var keeping = Hand(http, route, body.Span, source, out var events, out var refused);
        if (refused is not null) return refused;
        body.Dispose(); // Copied; it need not wait for the log.
        var outcome = await keeping;

        // 5. The answer.
        metrics.Ended(outcome, events, Stopwatch.GetElapsedTime(startedAt));
        return outcome switch
        {
            Outcome.Kept => Answer.Ok,
            Outcome.Never => Answer.Of(Refusal.EventTooLarge),
            Outcome.NotNow or Outcome.Unknown => Answer.Unavailable,
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>On one thread from here to the end: what it works with is the thread's.</summary>
    private ValueTask<Outcome> Hand(
        HttpContext http, SenderRoute route, ReadOnlySpan<byte> body, SourceAccess? source, out int events,
        out Answer? refused)
    {
        var bench = t_bench ??= new Workbench(_devices);
        var refusal = EventScanner.Scan(body, route.IsBatch, bench.Scanned);
        events = bench.Scanned.Count;
        refused = null;
        if (source is null)
        {
            if (!WriteKey.TryBody(accounts, body, bench.Scanned, out source))
                refused = Refuse(Answer.NoWriteKey, "write_key");
            else if (source is null) refused = RefuseKey();
        }
        if (source is null) return default;

        var index = Math.Max(events - 1, 0);
        if (!source.Enabled || source.Suspended) refusal = Refusal.SourceDisabled;
        if (!BrowserOrigins.Allows(source, http)) refused = Refuse(Answer.OriginNotAllowed, "origin");
        else if (refusal is null && !around.Pace.Allows(source, events))
            refused = Wait(Answer.TooManyRequests, "pace", events);
        if (refused is not null) return default;

        Prepare(bench, http, route, source);
        bench.Parcel.Clear();
        refusal ??= bench.Writer.Write(body, bench.Scanned, bench.Arrival, bench.Parcel, out index);
        if (refusal is null) return keeper.KeepAsync(bench.Parcel);

        metrics.Refused(refusal.Reason, events);
        rejections.Record(source, route.Path, refusal, body, index);
        refused = Answer.Of(refusal);
        return default;
    }

    private void Prepare(Workbench bench, HttpContext http, SenderRoute route, SourceAccess source)
    {
        var arrival = bench.Arrival;
        (arrival.Organisation, arrival.Source, arrival.App) = (source.Organisation, source.Source, source.App);
        arrival.ReceivedAt = around.Time.GetUtcNow().UtcTicks;
        arrival.Type = route.Type;
        var headers = http.Request.Headers;
        var isBrowser = headers.Origin.Count > 0;
        arrival.CameFrom(http.Connection.RemoteIpAddress, isBrowser ? headers.UserAgent.ToString() : null);
    }

    private Answer AnswerTo(BodyFault fault, SourceAccess? source, SenderRoute route)
    {
        switch (fault)
        {
            case BodyFault.Refused { Refusal: var refusal }:
                metrics.Refused(refusal.Reason, events: 1);
                if (source is not null) rejections.Record(source, route.Path, refusal, body: default, index: 0);
                return Answer.Of(refusal);
            case BodyFault.Slow:
                return Wait(Answer.BodyNotRead, "slow_body", events: 1);
            case BodyFault.Full:
                return Wait(Answer.Unavailable, "bodies", events: 1);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Nobody is refused for good by a process that does not know its accounts yet.</summary>
    private Answer RefuseKey() => around.Accounts.IsReady()
        ? Refuse(Answer.UnknownWriteKey, "write_key") : Wait(Answer.Unavailable, "accounts", events: 1);

    private Answer Refuse(Answer answer, string reason)
    {
        metrics.Refused(reason);
        return answer;
    }

    private Answer Wait(Answer answer, string reason, int events)
    {
        metrics.NotNow(reason, events);
        return answer;
    }
}

/// <summary>What taking events stands in.</summary>
internal sealed record Surroundings(
    ReceivingOptions Options, BodyRoom Room, SendingPace Pace, DirectoryReady Accounts, TimeProvider Time);
