using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Polly;
using Polly.Retry;
using Tributary.ClickHouse.Compression;

namespace Tributary.ClickHouse.Http;

/// <summary>Requests to one server, over connections that it keeps. Any thread.</summary>
internal sealed class Transport : IDisposable
{
    private static readonly ActivitySource Spans = new("Tributary.ClickHouse");
    private readonly ClickHouseConnectionStringBuilder settings;
    private readonly string session;
    private readonly IReadOnlyDictionary<string, string> custom;
    private readonly HttpClient client;
    private readonly ResiliencePipeline<HttpResponseMessage> retry;

    public Transport(ClickHouseConnectionStringBuilder settings, HttpMessageHandler? handler, TimeProvider time)
    {
        this.settings = settings;
        custom = settings.CustomSettings;
        session = !settings.UseSession ? ""
            : settings.SessionId.Length > 0 ? settings.SessionId : Guid.NewGuid().ToString();
        client = new HttpClient(handler ?? new SocketsHttpHandler
        {
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), // Sooner than any server lets go of it.
            ConnectTimeout = TimeSpan.FromSeconds(10),
        }, disposeHandler: handler is null)
        { Timeout = Timeout.InfiniteTimeSpan };
        retry = Retry(settings.Retries, time);
    }

    /// <summary>Sends, and returns when the answer has begun and is a success.</summary>
    public async Task<HttpResponseMessage> SendAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        using var span = Begin(request);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RetryDecision.SafeToRepeat, request.IsSafeToRepeat);
        try
        {
            return await retry.ExecuteAsync(static async (context, state) =>
                await state.Self.SendOnceAsync(state.Request, context.CancellationToken), context,
                    (Self: this, Request: request));
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            span?.SetTag("error.type", exception is ClickHouseException known ? known.Name : exception.GetType().Name);
            if (exception is ClickHouseException { Code: > 0 } server) span?.SetTag("db.response.status_code",
                server.Code);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => client.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Retry(int count, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (count > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = count,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                ShouldHandle = static arguments => ValueTask.FromResult(
                    RetryDecision.ShouldRepeat(arguments.Outcome.Exception, arguments.Context)),
            });
        }

        return builder.Build();
    }

    private Activity? Begin(ServerRequest request)
    {
        var summary = request.Statement.AsSpan().Trim();
        var verb = summary[..Math.Min(16, summary.IndexOfAny(" \n\t(") is > 0 and var end ? end : summary.Length)]
            .ToString();
        var span = Spans.StartActivity($"{verb} clickhouse", ActivityKind.Client);
        span?.SetTag("db.system.name", "clickhouse");
        span?.SetTag("db.namespace", settings.Database);
        span?.SetTag("db.query.text", request.Statement); // Values travel as parameters and are not in it.
        span?.SetTag("db.clickhouse.query_id", request.QueryId);
        span?.SetTag("server.address", settings.Host);
        span?.SetTag("server.port", settings.Port);
        return span;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(request.Timeout ?? settings.Timeout);
        try
        {
            using var message = Message(request);
            var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode) return response;

            using (response)
            {
                var text = await response.Content.ReadAsStringAsync(patience.Token);
                throw ClickHouseException.From(text.Length > 0 ? text : $"HTTP {(int)response.StatusCode}",
                    CodeOf(response));
            }
        }
        catch (HttpRequestException exception)
        {
            throw new ClickHouseException($"{settings.Host}:{settings.Port} did not answer: {exception.Message}",
                code: 0,
                "NO_ANSWER", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClickHouseException($"{settings.Host}:{settings.Port} did not answer in time.", code: 0,
                "TIMEOUT", exception);
        }
    }

    private HttpRequestMessage Message(ServerRequest request)
    {
        var address = new StringBuilder("?query_id=").Append(Uri.EscapeDataString(request.QueryId))
            .Append("&default_format=").Append(request.Format)
            .Append("&output_format_native_write_json_as_string=1");
        if (settings.Database.Length > 0 && request.Settings.All(setting => setting.Key != "database"))
        {
            Append(address, "database", settings.Database);
        }

        if (settings.Compression) address.Append(request.Data is null ? "&compress=1" : "&compress=1&decompress=1");
        if (session.Length > 0) Append(address, "session_id", session);
        foreach (var (name, value) in custom)
        {
            if (request.Settings.All(setting => setting.Key != name)) Append(address, name, value);
        }

        foreach (var (name, value) in request.Settings) Append(address, name, value);
        foreach (var (name, value) in request.Parameters) Append(address, $"param_{name}", value);
        if (request.Data is not null) Append(address, "query", request.Statement);

        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.Address, address.ToString()))
        {
            Content = request.Data is { } data ? Body(data) : new StringContent(request.Statement),
        };
        message.Headers.Add("X-ClickHouse-User", settings.Username);
        if (settings.Password.Length > 0) message.Headers.Add("X-ClickHouse-Key", settings.Password);
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Tributary.ClickHouse", "1.0"));
        return message;
    }

    private HttpContent Body(ReadOnlyMemory<byte> data) =>
        settings.Compression ? new CompressedContent(data) : new ReadOnlyMemoryContent(data);

    private static void Append(StringBuilder address, string name, string value) =>
        address.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));

    private static string CodeOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var values) ? values.First() : "";
}
