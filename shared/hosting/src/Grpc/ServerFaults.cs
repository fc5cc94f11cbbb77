using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Tributary.Hosting.Grpc;

/// <summary>
/// What a service throws on purpose (<see cref="RpcException"/>) reaches the caller as it is. Anything else is logged
/// here and reaches the caller as Internal with a trace id, and nothing of what it said.
/// </summary>
internal sealed partial class ServerFaults(ILogger<ServerFaults> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception fault) when (IsOurs(fault, context))
        {
            throw Hidden(fault, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception fault) when (IsOurs(fault, context))
        {
            throw Hidden(fault, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception fault) when (IsOurs(fault, context))
        {
            throw Hidden(fault, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception fault) when (IsOurs(fault, context))
        {
            throw Hidden(fault, context);
        }
    }

    /// <summary>A caller that hung up or ran out of time is not a fault of ours.</summary>
    private static bool IsOurs(Exception fault, ServerCallContext context) =>
        fault is not RpcException && !context.CancellationToken.IsCancellationRequested;

    private RpcException Hidden(Exception fault, ServerCallContext context)
    {
        CallFailed(fault, context.Method);
        var trace = Activity.Current?.TraceId.ToHexString() ?? "none";
        return new RpcException(new Status(StatusCode.Internal, $"The call failed; its trace is {trace}."));
    }

    [LoggerMessage(LogLevel.Error, "{Method} failed")]
    private partial void CallFailed(Exception exception, string method);
}
