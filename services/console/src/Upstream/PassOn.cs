using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tributary.Console.Sessions;
using Tributary.Hosting;

namespace Tributary.Console.Upstream;

/// <summary>
/// <c>GET /console/api/events…</c>: the pages' own way to ingestion's API, asked with the session's key. Answers are
/// passed on as they come, streams too.
/// </summary>
internal sealed class PassOn(IHost host, IOptions<ConsoleOptions> options, IHostApplicationLifetime lifetime)
    : IDisposable
{
    public const string Prefix = "/console/api";
    private const string Api = "/api/v1";
    private static readonly string[] PassedBack = ["Content-Type", "Retry-After"];

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // So that new instances behind a name get their share.
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
    });

    public void Dispose() => _client.Dispose();

    public async Task AskAsync(HttpContext context, Session session)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(context));
        request.Headers.Authorization = new("Bearer", session.Key);
        if (context.Request.Headers["Last-Event-ID"] is { Count: > 0 } last)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last.ToString());
        try
        {
            using var answer = await _client.SendAsync(request, stop.Token);
            await CopyAsync(answer, context.Response, stop.Token);
        }
        catch (HttpRequestException) when (!context.Response.HasStarted)
        {
            await TypedResults.Problem(
                "Ingestion does not answer. What is shown is what was known before.",
                statusCode: StatusCodes.Status502BadGateway).ExecuteAsync(context);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort(); // The rest will not come, and the browser is to see that it did not.
        }
    }

    // The path is passed on as it was sent: an id in it may be any text.
    private Uri AddressOf(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var at = options.Value.Ingestion is { Length: > 0 } told ? new Uri(told) : Here();
        return new(
            at.GetLeftPart(UriPartial.Authority) + Api + raw[Prefix.Length..],
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    private Uri Here()
    {
        var here = ServiceAddresses.Of(host).Http;
        return IPAddress.TryParse(here.DnsSafeHost, out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                ? new UriBuilder(here) { Host = "127.0.0.1" }.Uri : here;
    }

    private static async Task CopyAsync(
        HttpResponseMessage answer, HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var name in PassedBack)
        {
            if (answer.Headers.TryGetValues(name, out var values)
                || answer.Content.Headers.TryGetValues(name, out values))
                response.Headers[name] = values.ToArray();
        }

        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var part = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(part, cancellationToken)) > 0)
        {
            await response.Body.WriteAsync(part.AsMemory(0, read), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}
