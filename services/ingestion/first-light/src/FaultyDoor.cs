using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tributary.Testing;

namespace Tributary.FirstLight;

/// <summary>
/// Stands before an edge as a bad network does: answers some calls with 503 in its place, and loses some of its
/// answers. It has the pages from which browsers send.
/// </summary>
internal sealed class FaultyDoor : IAsyncDisposable
{
    private static readonly string[] NotPassedOn =
        ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Upgrade"];

    private readonly HttpClient _edge =
        new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private readonly WebApplication _app;
    private readonly string _libraries;
    private int _refuse;
    private int _lose;

    private FaultyDoor(WebApplication app, Uri address, Uri edge, string libraries)
    {
        _app = app;
        Address = address;
        _edge.BaseAddress = edge;
        _libraries = libraries;
    }

    public Uri Address { get; }

    /// <summary>How many calls were answered here or lost.</summary>
    public int Faults { get; private set; }

    public static async Task<FaultyDoor> OpenAsync(Uri edge, string libraries)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        builder.WebHost.UseUrls(address.AbsoluteUri);
        var app = builder.Build();
        var door = new FaultyDoor(app, address, edge, libraries);
        app.Run(door.HandleAsync);
        await app.StartAsync();
        return door;
    }

    /// <summary>The next calls that send something: so many are refused, then so many lose their answer.</summary>
    public void Fail(int refuse, int lose)
    {
        Volatile.Write(ref _refuse, refuse);
        Volatile.Write(ref _lose, lose);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _edge.Dispose();
    }

    private Task HandleAsync(HttpContext context) => context.Request.Path.Value!.Split('/', 3) switch
    {
        ["", "page", var file] => SendFileAsync(context, Path.Combine(Senders.Pages, Path.GetFileName(file))),
        ["", "library", var file] => SendFileAsync(context, Path.GetFullPath(Path.Combine(_libraries, file))),
        _ => PassAsync(context),
    };

    private static async Task SendFileAsync(HttpContext context, string file)
    {
        if (!File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var isPage = file.EndsWith(".html", StringComparison.Ordinal);
        context.Response.ContentType = isPage ? "text/html" : "text/javascript";
        await context.Response.SendFileAsync(file);
    }

    private async Task PassAsync(HttpContext context)
    {
        var isSending = HttpMethods.IsPost(context.Request.Method);
        if (isSending && Interlocked.Decrement(ref _refuse) >= 0)
        {
            Faults++;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return;
        }
        using var call = await CallOfAsync(context);
        using var answer = await _edge.SendAsync(call, context.RequestAborted);
        if (isSending && Interlocked.Decrement(ref _lose) >= 0)
        {
            Faults++;
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.ToArray();
        }
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task<HttpRequestMessage> CallOfAsync(HttpContext context)
    {
        var call = new HttpRequestMessage(
            new(context.Request.Method), context.Request.Path.Value + context.Request.QueryString.Value);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        call.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!call.Headers.TryAddWithoutValidation(name, values.ToArray()))
                call.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        return call;
    }
}
