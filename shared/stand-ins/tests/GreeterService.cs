using Google.Protobuf;

namespace Tributary.StandIns.Tests;

/// <summary>Does what the request asks, failures included, and remembers what became of its calls.</summary>
internal sealed class GreeterService(Observed observed) : Greeter.GreeterBase
{
    public override async Task<GreetReply> Greet(GreetRequest request, ServerCallContext context)
    {
        await observed.WaitAsync(request.DelayMs, context.CancellationToken);
        Fail(request.Fault, context);
        await context.WriteResponseHeadersAsync(new() { { "x-head", "h" }, { "x-head-bin", [0, 255, 7] } });
        context.ResponseTrailers.Add("x-trail", "t");
        var reply = new GreetReply
        {
            Message = $"hi {request.Name}",
            Blob = ByteString.CopyFrom(new byte[request.BlobBytes]),
        };
        foreach (var entry in context.RequestHeaders)
            reply.Seen[entry.Key] = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
        reply.Seen[":method"] = context.Method;
        reply.Seen[":deadline"] = context.Deadline == DateTime.MaxValue ? "none" : "some";
        return reply;
    }

    public override async Task Count(
        CountRequest request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        for (var value = 1; value <= request.To; value++)
        {
            await observed.WaitAsync(request.DelayMs, context.CancellationToken);
            await responseStream.WriteAsync(new() { Value = value }, context.CancellationToken);
        }
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        var sum = 0;
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken)) sum += number.Value;
        return new() { Value = sum };
    }

    public override async Task Chat(
        IAsyncStreamReader<GreetRequest> requestStream,
        IServerStreamWriter<GreetReply> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new() { Message = $"re: {request.Name}" });
    }

    private void Fail(string fault, ServerCallContext context)
    {
        switch (fault)
        {
            case "unstable" when observed.NextAttempt() % 3 != 0:
                throw new RpcException(new(StatusCode.Unavailable, "try again"));
            case "thrown":
                throw new InvalidOperationException("not for callers");
            case "detailed":
                throw new RpcException(
                    new(StatusCode.FailedPrecondition, "größer als 100 %"),
                    new Metadata { { "x-why", "because" }, { "grpc-status-details-bin", [8, 9, 18, 1, 120] } });
            case "set":
                context.Status = new(StatusCode.OutOfRange, "set on the context");
                break;
        }
    }
}

/// <summary>What the server saw of its calls.</summary>
internal sealed class Observed
{
    private int _attempts;

    public TaskCompletionSource Cancelled { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int NextAttempt() => Interlocked.Increment(ref _attempts);

    public async Task WaitAsync(int milliseconds, CancellationToken cancellationToken)
    {
        if (milliseconds == 0) return;
        try
        {
            await Task.Delay(milliseconds, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }
    }
}
