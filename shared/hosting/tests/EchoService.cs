using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Tributary.Hosting.Tests.V1;

namespace Tributary.Hosting.Tests;

/// <summary>Says what it hears, or what it is asked about, and counts how often.</summary>
internal sealed class EchoService : Echo.EchoBase
{
    private int _calls;

    public int Calls => _calls;

    /// <summary>How many of the next calls are answered with Unavailable.</summary>
    public int UnavailableFor { get; set; }

    public override Task<Said> Say(Said request, ServerCallContext context) => AnswerAsync(request, context);

    public override Task<Said> Read(Said request, ServerCallContext context) => AnswerAsync(request, context);

    public override Task Repeat(Said request, IServerStreamWriter<Said> responseStream, ServerCallContext context) =>
        responseStream.WriteAsync(new() { Text = Deadline(context) });

    private async Task<Said> AnswerAsync(Said request, ServerCallContext context)
    {
        if (Interlocked.Increment(ref _calls) <= UnavailableFor)
            throw new RpcException(new Status(StatusCode.Unavailable, "Not now."));
        switch (request.Text)
        {
            case "deadline": return new() { Text = Deadline(context) };
            case "trace": return new() { Text = Activity.Current?.TraceId.ToHexString() ?? "none" };
            case "thrown": throw new InvalidOperationException("password=hunter2");
            case "meant": throw new RpcException(new Status(StatusCode.NotFound, "No such word."));
            case "never":
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
        }
        return request;
    }

    private static string Deadline(ServerCallContext context) => context.Deadline == DateTime.MaxValue
        ? "none"
        : (context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime)
            .TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
