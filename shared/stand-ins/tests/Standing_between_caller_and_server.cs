using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;

namespace Tributary.StandIns.Tests;

public class Standing_between_caller_and_server
{
    private GreeterServer _server = null!;

    [OneTimeSetUp]
    public async Task StartServer() =>
        _server = await GreeterServer.StartAsync(options => options.Interceptors.Add<ServerWitness>());

    [OneTimeTearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Interceptors_see_all_kinds_of_calls_the_outermost_first()
    {
        var seen = new List<string>();
        using var channel = GrpcChannel.ForAddress(_server.Address);
        var client = new Greeter.GreeterClient(channel
            .Intercept(new ClientWitness("A", seen), new ClientWitness("B", seen))
            .Intercept(metadata => [.. metadata, new("x-added", "yes")]));

        var reply = await client.GreetAsync(new());
        client.Greet(new GreetRequest());
        using (var call = client.Count(new() { To = 1 })) await call.ResponseStream.MoveNext();
        using (var call = client.Sum()) await call.RequestStream.CompleteAsync();
        using (var call = client.Chat()) await call.RequestStream.CompleteAsync();

        Assert.That(reply.Seen["x-added"], Is.EqualTo("yes"));
        Assert.That(seen, Is.EqualTo(new[]
        {
            "A unary", "B unary", "A blocking", "B blocking", "A server stream", "B server stream",
            "A client stream", "B client stream", "A duplex", "B duplex",
        }));
    }

    [Test]
    public async Task A_servers_interceptor_may_add_to_the_answer()
    {
        using var channel = GrpcChannel.ForAddress(_server.Address);
        using var call = new Greeter.GreeterClient(channel).GreetAsync(new());

        await call;

        Assert.That(call.GetTrailers().GetValue("x-witness"), Is.EqualTo("/tributary.tests.v1.Greeter/Greet"));
    }

    [Test]
    public async Task The_factory_gives_clients_with_their_interceptors_and_credentials()
    {
        var seen = new List<string>();
        var services = new ServiceCollection().AddLogging();
        services.AddGrpcClient<Greeter.GreeterClient>(options => options.Address = _server.Address)
            .AddInterceptor(() => new ClientWitness("channel", seen))
            .AddInterceptor(InterceptorScope.Client, _ => new ClientWitness("client", seen))
            .ConfigureChannel(options => options.UnsafeUseInsecureChannelCallCredentials = true)
            .AddCallCredentials((_, metadata) =>
            {
                metadata.Add("authorization", "Bearer f");
                return Task.CompletedTask;
            });
        services.AddGrpcClient<Greeter.GreeterClient>("second", options => options.Address = _server.Address);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        var first = await scope.ServiceProvider.GetRequiredService<Greeter.GreeterClient>().GreetAsync(new());
        var second = await scope.ServiceProvider.GetRequiredService<GrpcClientFactory>()
            .CreateClient<Greeter.GreeterClient>("second").GreetAsync(new() { Name = "s" });

        Assert.That(first.Seen["authorization"], Is.EqualTo("Bearer f"));
        Assert.That(seen, Is.EqualTo(new[] { "client unary", "channel unary" }));
        Assert.That(second.Message, Is.EqualTo("hi s"));
        Assert.That(second.Seen.Keys, Has.No.Member("authorization"));
    }

    [Test]
    public void A_client_without_an_address_says_which()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddGrpcClient<Greeter.GreeterClient>("lost");
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();
        var factory = scope.ServiceProvider.GetRequiredService<GrpcClientFactory>();

        Assert.That(
            () => factory.CreateClient<Greeter.GreeterClient>("lost"),
            Throws.InvalidOperationException.With.Message.Contains("lost"));
    }

    private sealed class ServerWitness : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            context.ResponseTrailers.Add("x-witness", context.Method);
            return continuation(request, context);
        }
    }

    private sealed class ClientWitness(string name, List<string> seen) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} blocking");
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} unary");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} server stream");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} client stream");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} duplex");
            return continuation(context);
        }
    }
}
