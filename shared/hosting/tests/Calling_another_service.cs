using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tributary.Hosting.Tests.V1;

namespace Tributary.Hosting.Tests;

public class Calling_another_service
{
    private RunningService _service = null!;
    private EchoService _echo = null!;

    [SetUp]
    public async Task StartService()
    {
        _echo = new EchoService();
        _service = await RunningService.StartAsync(
            app => app.MapGrpcService<EchoService>(), builder => builder.Services.AddSingleton(_echo));
    }

    [TearDown]
    public async Task StopService() => await _service.DisposeAsync();

    [Test]
    public async Task A_call_whose_repetition_is_harmless_is_repeated_until_the_service_is_back()
    {
        _echo.UnavailableFor = 2;
        using var host = Caller();

        using var call = Client(host).ReadAsync(new() { Text = "x" });
        var said = await call;

        Assert.That(said.Text, Is.EqualTo("x"));
        Assert.That(_echo.Calls, Is.EqualTo(3));
        Assert.That(call.GetStatus().StatusCode, Is.EqualTo(StatusCode.OK));
    }

    [Test]
    public void A_call_that_may_have_had_effects_is_not_repeated()
    {
        _echo.UnavailableFor = 2;
        using var host = Caller();

        var fault = Assert.ThrowsAsync<RpcException>(async () => await Client(host).SayAsync(new() { Text = "x" }));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(_echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_was_never_sent_is_repeated_whatever_it_does()
    {
        var address = _service.Addresses.Grpc;
        await _service.DisposeAsync();
        using var host = Caller(("Clients:Address", address.ToString()), ("Clients:echo:AttemptsMax", "10"));
        var call = Client(host).SayAsync(new() { Text = "x" });

        _service = await RunningService.StartAsync(
            app => app.MapGrpcService<EchoService>(),
            builder => builder.Services.AddSingleton(_echo),
            ("Listen:Grpc", address.Authority));

        Assert.That((await call).Text, Is.EqualTo("x"));
    }

    [Test]
    public void Attempts_are_bounded()
    {
        _echo.UnavailableFor = 100;
        using var host = Caller(("Clients:echo:AttemptsMax", "3"));

        Assert.ThrowsAsync<RpcException>(async () => await Client(host).ReadAsync(new()));

        Assert.That(_echo.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task A_call_has_the_deadline_of_its_options_and_the_service_sees_it()
    {
        using var patient = Caller(("Clients:echo:Deadline", "00:00:50"));
        using var hasty = Caller(("Clients:echo:Deadline", "00:00:01"));

        var told = await Client(patient).SayAsync(new() { Text = "deadline" });
        var fault = Assert.ThrowsAsync<RpcException>(
            async () => await Client(hasty).SayAsync(new() { Text = "never" }));

        Assert.That(double.Parse(told.Text, null), Is.InRange(30, 50));
        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
    }

    [Test]
    public void A_cancelled_call_ends_between_attempts_too()
    {
        _echo.UnavailableFor = 100;
        using var host = Caller(("Clients:echo:AttemptsMax", "10"), ("Clients:echo:Backoff", "00:00:10"));
        using var cancellation = new CancellationTokenSource(200);

        var fault = Assert.ThrowsAsync<RpcException>(
            async () => await Client(host).ReadAsync(new(), cancellationToken: cancellation.Token));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.Cancelled));
    }

    [Test]
    public async Task The_trace_goes_with_the_call()
    {
        using var host = Caller();
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        var said = await Client(host).SayAsync(new() { Text = "trace" });

        Assert.That(said.Text, Is.EqualTo(activity.TraceId.ToHexString()));
    }

    [Test]
    public void A_client_without_an_address_stops_the_start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddServiceClient<Echo.EchoClient>("echo");
        using var host = builder.Build();

        Assert.That(
            async () => await host.StartAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Clients:echo:Address"));
    }

    private IHost Caller(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            settings.Prepend(("Clients:Address", _service.Addresses.Grpc.ToString()))
                .DistinctBy(pair => pair.Item1)
                .Select(pair => KeyValuePair.Create(pair.Item1, (string?)pair.Item2)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddServiceClient<Echo.EchoClient>("echo");
        return builder.Build();
    }

    private static Echo.EchoClient Client(IHost host) =>
        host.Services.CreateScope().ServiceProvider.GetRequiredService<Echo.EchoClient>();
}
