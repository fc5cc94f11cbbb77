using System.Diagnostics;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Hosting.Tests.V1;
using Alpha = Grpc.Reflection.V1alpha;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Tributary.Hosting.Tests;

public class Serving_gRPC
{
    private RunningService _service = null!;
    private GrpcChannel _channel = null!;
    private HealthStatus _status = HealthStatus.Healthy;

    [OneTimeSetUp]
    public async Task StartService()
    {
        _service = await RunningService.StartAsync(
            app => app.MapGrpcService<EchoService>(),
            builder =>
            {
                builder.Services.AddSingleton<EchoService>();
                builder.Services.AddHealthChecks().AddCheck("switched", () => new HealthCheckResult(_status));
            },
            settings: [("Grpc:MessageBytesMax", "65536"), ("Limits:BodyBytesMax", "1024")]);
        _channel = GrpcChannel.ForAddress(_service.Addresses.Grpc);
    }

    [OneTimeTearDown]
    public async Task StopService()
    {
        _channel.Dispose();
        await _service.DisposeAsync();
    }

    [SetUp]
    public void BeWell() => _status = HealthStatus.Healthy;

    [Test]
    public async Task A_call_without_a_deadline_gets_one_and_a_stream_may_last()
    {
        var client = new Echo.EchoClient(_channel);

        var call = await client.SayAsync(new() { Text = "deadline" });
        using var stream = client.Repeat(new() { Text = "deadline" });
        await stream.ResponseStream.MoveNext();

        Assert.That(double.Parse(call.Text, null), Is.InRange(20, 30));
        Assert.That(stream.ResponseStream.Current.Text, Is.EqualTo("none"));
    }

    [Test]
    public async Task What_a_service_throws_is_Internal_with_a_trace_and_without_a_word_of_it()
    {
        var fault = await FaultAsync(new() { Text = "thrown" });

        Assert.That(fault.StatusCode, Is.EqualTo(StatusCode.Internal));
        Assert.That(fault.Status.Detail, Does.Match("^The call failed; its trace is [0-9a-f]{32}\\.$"));
    }

    [Test]
    public async Task What_a_service_means_to_say_reaches_the_caller()
    {
        var fault = await FaultAsync(new() { Text = "meant" });

        Assert.That(fault.Status, Is.EqualTo(new Status(StatusCode.NotFound, "No such word.")));
    }

    [Test]
    public async Task A_message_is_bounded_by_its_own_limit_and_not_by_that_of_bodies()
    {
        var fits = await new Echo.EchoClient(_channel).SayAsync(new() { Filling = Filled(60_000) });
        var fault = await FaultAsync(new() { Filling = Filled(70_000) });

        Assert.That(fits.Filling, Has.Length.EqualTo(60_000));
        Assert.That(fault.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [TestCase("")]
    [TestCase("tributary.tests.v1.Echo")]
    public async Task Health_is_told_in_gRPCs_own_protocol(string service)
    {
        var client = new HealthClient(_channel);

        var well = await client.CheckAsync(new() { Service = service });
        _status = HealthStatus.Unhealthy;
        var unwell = await client.CheckAsync(new() { Service = service });

        Assert.That(well.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
        Assert.That(unwell.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.NotServing));
    }

    [Test]
    public async Task Health_of_a_service_that_is_not_here_is_not_found()
    {
        var client = new HealthClient(_channel);
        using var watch = client.Watch(new() { Service = "not.here" });
        await watch.ResponseStream.MoveNext();

        var fault = Assert.ThrowsAsync<RpcException>(
            async () => await client.CheckAsync(new() { Service = "not.here" }));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.NotFound));
        Assert.That(watch.ResponseStream.Current.Status,
            Is.EqualTo(HealthCheckResponse.Types.ServingStatus.ServiceUnknown));
    }

    [Test]
    public async Task A_watcher_is_told_when_health_changes()
    {
        using var watch = new HealthClient(_channel).Watch(new());
        await watch.ResponseStream.MoveNext();
        var before = watch.ResponseStream.Current.Status;

        _status = HealthStatus.Unhealthy;
        await watch.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That((before, watch.ResponseStream.Current.Status), Is.EqualTo((
            HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Types.ServingStatus.NotServing)));
    }

    [Test]
    public async Task A_tool_can_find_the_services_and_rebuild_their_descriptors_from_reflection_alone()
    {
        using var call = new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo();

        var services = (await AskAsync(call, new() { ListServices = "" })).ListServicesResponse.Service;
        var files = (await AskAsync(call, new() { FileContainingSymbol = "tributary.tests.v1.Echo" }))
            .FileDescriptorResponse.FileDescriptorProto;
        var byName = await AskAsync(call, new() { FileByFilename = "echo.proto" });
        var missing = await AskAsync(call, new() { FileContainingSymbol = "not.here" });

        Assert.That(services.Select(service => service.Name), Is.EquivalentTo(new[]
        {
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            "tributary.tests.v1.Echo",
        }));
        var rebuilt = FileDescriptor.BuildFromByteStrings(files).Single();
        Assert.That(rebuilt.Services.Single().Methods.Select(method => method.Name),
            Is.EqualTo(new[] { "Say", "Read", "Repeat" }));
        Assert.That(byName.FileDescriptorResponse.FileDescriptorProto, Is.EqualTo(files));
        Assert.That(missing.ErrorResponse.ErrorCode, Is.EqualTo((int)StatusCode.NotFound));
    }

    [Test]
    public async Task Tools_that_only_know_the_older_name_of_reflection_are_served_too()
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = "tributary.tests.v1.Said" });
        await call.ResponseStream.MoveNext();

        Assert.That(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto, Has.Count.EqualTo(1));
    }

    private static Google.Protobuf.ByteString Filled(int bytes) => Google.Protobuf.ByteString.CopyFrom(new byte[bytes]);

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call,
        ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        await call.ResponseStream.MoveNext();
        return call.ResponseStream.Current;
    }

    private async Task<RpcException> FaultAsync(Said said)
    {
        try
        {
            await new Echo.EchoClient(_channel).SayAsync(said);
        }
        catch (RpcException fault)
        {
            return fault;
        }
        throw new AssertionException("The call succeeded.");
    }
}
