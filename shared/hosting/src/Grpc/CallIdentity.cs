using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Tributary.Hosting.Grpc;

/// <summary>Shows who calls, on every call to another service.</summary>
public sealed class CallIdentity : Interceptor
{
    public const string Service = "tributary-service";
    public const string Key = "tributary-service-key";
    public const string Organisation = "tributary-organisation";

    private readonly string _service;
    private readonly string _key;

    internal CallIdentity(string service, string key) => (_service, _key) = (service, key);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Signed(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Signed(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Signed(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Signed(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Signed(context));

    private ClientInterceptorContext<TRequest, TResponse> Signed<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? []) headers.Add(entry);
        headers.Add(Service, _service);
        if (_key.Length > 0) headers.Add(Key, _key);
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}

/// <summary>How a call says for which organisation it is.</summary>
public static class Acting
{
    /// <summary><c>client.FindAsync(request, Acting.For(organisation, cancellationToken))</c>.</summary>
    public static CallOptions For(Guid organisation, CancellationToken cancellationToken) => new(
        headers: new Metadata { { CallIdentity.Organisation, organisation.ToString("D") } },
        cancellationToken: cancellationToken);
}
