using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Tributary.Hosting.Listening;

namespace Tributary.Hosting.Grpc;

/// <summary>What every gRPC service of ours has without a word of its own.</summary>
internal static class ServeGrpc
{
    private const string Timeout = "grpc-timeout";

    public static void Add(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<GrpcServerOptions>("Grpc");
        builder.Services.AddSingleton<ServerFaults>();
        builder.Services.AddSingleton<ServedDescriptors>();
        builder.Services.AddGrpc(options => options.Interceptors.Add<ServerFaults>());
        builder.Services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GrpcServerOptions>>((grpc, ours) =>
        {
            grpc.MaxReceiveMessageSize = ours.Value.MessageBytesMax;
            grpc.MaxSendMessageSize = ours.Value.MessageBytesMax;
            grpc.EnableDetailedErrors = false;
        });
    }

    public static void Map(WebApplication app)
    {
        var onGrpc = new ReachableBy(Listener.Grpc);
        app.MapGrpcService<HealthService>().WithMetadata(onGrpc).AllowAnonymous();
        if (!app.Services.GetRequiredService<IOptions<GrpcServerOptions>>().Value.Reflection) return;

        app.MapGrpcService<ReflectionService>().WithMetadata(onGrpc).AllowAnonymous();
        app.MapGrpcService<ReflectionAlphaService>().WithMetadata(onGrpc).AllowAnonymous();
    }

    /// <summary>
    /// A call has bounds of its own in place of a request's: the size of a message, not of a body, and a deadline,
    /// which its service sees and which is passed on, not a time-out from outside.
    /// </summary>
    public static void UseCallBounds(WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GrpcServerOptions>>().Value;
        var deadline = $"{(long)options.DeadlineDefault.TotalMilliseconds}m";
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } call) return next(context);

            context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
                body.MaxRequestBodySize = null;
            if (call.Method.Type is MethodType.Unary) context.Request.Headers.TryAdd(Timeout, deadline);
            return next(context);
        });
    }
}
