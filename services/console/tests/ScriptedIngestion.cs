using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Tributary.Console.Tests;

/// <summary>Ingestion's API as a page sees it, with what the test wants it to say.</summary>
internal sealed class ScriptedIngestion(IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<Channel<string>, bool> _streams = new();
    private int _sequence;

    public List<JsonObject> Stored { get; } = [];

    public ConcurrentDictionary<string, JsonObject> Found { get; } = new();

    public string Counts { get; set; } = """
        {"in":1204,"stored":1190,"repeats":11,"refused":3,"refusedByReason":{"no_identity":2,"too_large":1},
        "lag":{"milliseconds":840,"waiting":0}}
        """;

    /// <summary>Lists and counts are answered with this instead.</summary>
    public int? Fault { get; set; }

    /// <summary>Lists are not answered while this is not done.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    public int Streams => _streams.Count;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/events", ListAsync);
        routes.MapGet("/api/v1/events/counts", (HttpContext context) => Answer(context, Counts));
        routes.MapGet("/api/v1/events/live", StreamAsync);
        routes.MapGet("/api/v1/events/{id}", (HttpContext context, string id) =>
            Found.TryGetValue(id, out var found)
                ? Answer(context, found.ToJsonString())
                : TypedResults.Problem("It was never seen.", statusCode: 404, title: "The event is not known"));
    }

    /// <summary>What the page gets as it arrives.</summary>
    public void Say(string name, JsonNode data)
    {
        var block = string.Create(CultureInfo.InvariantCulture,
            $"id: {Guid.Empty:N}-{++_sequence}\nevent: {name}\ndata: {data.ToJsonString()}\n\n");
        foreach (var stream in _streams.Keys) stream.Writer.TryWrite(block);
    }

    public void EndStreams()
    {
        foreach (var stream in _streams.Keys)
        {
            _streams.TryRemove(stream, out _); // At once, so that whoever counts them sees those that came back.
            stream.Writer.TryComplete();
        }
    }

    public static JsonObject Event(string id, string name, string outcome = "accepted", int secondsAgo = 1) => new()
    {
        ["outcome"] = outcome,
        ["messageId"] = id,
        ["source"] = Shop.Web.ToString(),
        ["type"] = outcome == "refused" ? null : "track",
        ["event"] = outcome == "refused" ? null : name,
        ["userId"] = outcome == "refused" ? null : "ann@example.com",
        ["receivedAt"] = TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo).ToString("O"),
        ["rejection"] = outcome == "refused" ? Guid.NewGuid().ToString() : null,
        ["reason"] = outcome == "refused" ? "no_identity" : null,
        ["detail"] = outcome == "refused" ? "Neither userId nor anonymousId." : null,
    };

    public static JsonObject Whole(string id, string name) => JsonNode.Parse($$$"""
        {"messageId":"{{{id}}}","place":"stored","at":"2026-01-05T10:00:01.2Z",
         "event":{"messageId":"{{{id}}}","source":"{{{Shop.Web}}}","type":"track","event":"{{{name}}}",
           "userId":"ann@example.com","anonymousId":"5f0c0d4e","at":"2026-01-05T10:00:00Z",
           "receivedAt":"2026-01-05T10:00:00.1Z","library":"rudder-sdk-js/3.21.0","ip":"203.0.113.7",
           "utm":{"source":"google","medium":"cpc","campaign":"spring"},"clickIds":{"gclid":"Cj0KCQ"},
           "device":{"type":"desktop","os":"Linux","browser":"Firefox"},
           "properties":{"order_id":"A-1001","revenue":99.5,"currency":"USD","coupon":null,"gift":false,
             "products":[{"sku":"P-1","quantity":2}]},
           "context":{"page":{"url":"https://shop.example/thanks"},"locale":"en-GB"}},
         "steps":[{"place":"edge","at":"2026-01-05T10:00:00.1Z","afterMilliseconds":0},
           {"place":"received","at":"2026-01-05T10:00:00.104Z","afterMilliseconds":4,"topic":"received.v1",
             "partition":7,"offset":48213},
           {"place":"emitted","at":"2026-01-05T10:00:00.131Z","afterMilliseconds":31,"topic":"events.v1",
             "partition":7,"offset":47990},
           {"place":"stored","at":"2026-01-05T10:00:01.2Z","afterMilliseconds":1100}],
         "links":{"self":"/api/v1/events/{{{id}}}"}}
        """)!.AsObject();

    private async Task<IResult> ListAsync(HttpContext context, string? outcome)
    {
        await Before.WaitAsync(context.RequestAborted);
        var events = Stored.Where(stored => (string?)stored["outcome"] == (outcome ?? "accepted"));
        return Answer(context, JsonSerializer.Serialize(new { events }));
    }

    private IResult Answer(HttpContext context, string json) =>
        context.Request.Headers.Authorization != $"Bearer {Shop.Key}" ? TypedResults.Unauthorized()
            : Fault is { } status ? TypedResults.Problem("ClickHouse does not answer.", statusCode: status)
            : TypedResults.Text(json, "application/json");

    private async Task StreamAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        var stream = Channel.CreateUnbounded<string>();
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("retry: 100\n\nevent: ready\ndata: {}\n\n", stop.Token);
        await context.Response.Body.FlushAsync(stop.Token);
        _streams[stream] = true;
        try
        {
            await foreach (var block in stream.Reader.ReadAllAsync(stop.Token))
            {
                await context.Response.WriteAsync(block, stop.Token);
                await context.Response.Body.FlushAsync(stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page left, or the test ends.
        }
        finally
        {
            _streams.TryRemove(stream, out _);
        }
    }
}
