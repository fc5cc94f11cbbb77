using System.Net;
using Google.Protobuf;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Tributary.StandIns.Tests;

public class Calling_over_the_stand_ins
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private GreeterServer _server = null!;
    private GrpcChannel _channel = null!;
    private Greeter.GreeterClient _client = null!;

    [OneTimeSetUp]
    public async Task StartServer()
    {
        _server = await GreeterServer.StartAsync();
        _channel = GrpcChannel.ForAddress(_server.Address);
        _client = new(_channel);
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task One_request_gets_one_response_with_headers_and_trailers_of_text_and_of_bytes()
    {
        using var call = _client.GreetAsync(
            new() { Name = "a" }, new Metadata { { "X-Ask", "q" }, { "x-ask-bin", [1, 2, 255] } });

        var headers = await call.ResponseHeadersAsync;
        var reply = await call;

        Assert.That(reply.Message, Is.EqualTo("hi a"));
        Assert.That(reply.Seen["x-ask"], Is.EqualTo("q"));
        Assert.That(reply.Seen["x-ask-bin"], Is.EqualTo("0102FF"));
        Assert.That(reply.Seen[":method"], Is.EqualTo("/tributary.tests.v1.Greeter/Greet"));
        Assert.That(headers.GetValue("x-head"), Is.EqualTo("h"));
        Assert.That(headers.GetValueBytes("x-head-bin"), Is.EqualTo(new byte[] { 0, 255, 7 }));
        Assert.That(call.GetTrailers().GetValue("x-trail"), Is.EqualTo("t"));
        Assert.That(call.GetStatus().StatusCode, Is.EqualTo(StatusCode.OK));
    }

    [Test]
    public void A_blocking_call_gets_the_same_answer() =>
        Assert.That(_client.Greet(new GreetRequest { Name = "b" }).Message, Is.EqualTo("hi b"));

    [Test]
    public async Task A_server_streams_in_order()
    {
        using var call = _client.Count(new() { To = 1_000 });

        var numbers = await call.ResponseStream.ReadAllAsync().Select(number => number.Value).ToListAsync();

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, 1_000)));
    }

    [Test]
    public async Task A_client_streams_and_gets_one_response()
    {
        using var call = _client.Sum();

        for (var value = 1; value <= 1_000; value++) await call.RequestStream.WriteAsync(new() { Value = value });
        await call.RequestStream.CompleteAsync();

        Assert.That((await call).Value, Is.EqualTo(500_500));
    }

    [Test]
    public async Task Both_sides_stream_at_the_same_time()
    {
        using var call = _client.Chat();

        for (var turn = 0; turn < 20; turn++)
        {
            await call.RequestStream.WriteAsync(new() { Name = $"{turn}" });
            Assert.That(await call.ResponseStream.MoveNext(), Is.True);
            Assert.That(call.ResponseStream.Current.Message, Is.EqualTo($"re: {turn}"));
        }
        await call.RequestStream.CompleteAsync();

        Assert.That(await call.ResponseStream.MoveNext(), Is.False);
    }

    [Test]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        _server.Observed.Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);

        var fault = await FaultAsync(_client.GreetAsync(new() { DelayMs = 30_000 }, deadline: deadline));

        Assert.That(fault.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
        await _server.Observed.Cancelled.Task.WaitAsync(Soon);
    }

    [Test]
    public async Task A_server_keeps_the_deadline_of_a_client_that_does_not()
    {
        using var http = new HttpClient();
        var body = new GreetRequest { DelayMs = 30_000 }.ToByteArray();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(_server.Address, "/tributary.tests.v1.Greeter/Greet"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)body.Length, .. body]),
        };
        request.Content.Headers.Add("content-type", "application/grpc");
        request.Headers.Add("te", "trailers");
        request.Headers.Add("grpc-timeout", "200m");

        using var response = await http.SendAsync(request).WaitAsync(Soon);
        await response.Content.ReadAsByteArrayAsync();

        var status = response.TrailingHeaders.Concat(response.Headers).Single(header => header.Key == "grpc-status");
        Assert.That(status.Value.Single(), Is.EqualTo("4"));
    }

    [Test]
    public async Task A_cancelled_call_is_cancelled_on_the_server()
    {
        _server.Observed.Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancellation = new CancellationTokenSource(150);

        var fault = await FaultAsync(
            _client.GreetAsync(new() { DelayMs = 30_000 }, cancellationToken: cancellation.Token));

        Assert.That(fault.StatusCode, Is.EqualTo(StatusCode.Cancelled));
        await _server.Observed.Cancelled.Task.WaitAsync(Soon);
    }

    [Test]
    public async Task A_stream_that_is_let_go_is_cancelled_on_the_server()
    {
        _server.Observed.Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = _client.Count(new() { To = 10_000, DelayMs = 20 });
        await call.ResponseStream.MoveNext();

        call.Dispose();

        await _server.Observed.Cancelled.Task.WaitAsync(Soon);
    }

    [Test]
    public async Task An_error_carries_its_detail_and_its_trailers()
    {
        var fault = await FaultAsync(_client.GreetAsync(new() { Fault = "detailed" }));

        Assert.That(fault.Status, Is.EqualTo(new Status(StatusCode.FailedPrecondition, "größer als 100 %")));
        Assert.That(fault.Trailers.GetValue("x-why"), Is.EqualTo("because"));
        var details = fault.Trailers.GetValueBytes("grpc-status-details-bin");
        Assert.That(details, Is.EqualTo(new byte[] { 8, 9, 18, 1, 120 }));
    }

    [TestCase("set", StatusCode.OutOfRange, "set on the context")]
    [TestCase("thrown", StatusCode.Unknown, "Exception was thrown by handler.")]
    public async Task A_failed_call_has_the_servers_status(string fault, StatusCode code, string detail)
    {
        var seen = await FaultAsync(_client.GreetAsync(new() { Fault = fault }));

        Assert.That((seen.StatusCode, seen.Status.Detail), Is.EqualTo((code, detail)));
    }

    [Test]
    public async Task A_message_over_either_sides_limit_is_refused()
    {
        var tooLargeForServer = await FaultAsync(_client.GreetAsync(new() { Name = new string('x', 2 << 20) }));
        var tooLargeForClient = await FaultAsync(_client.GreetAsync(new() { BlobBytes = 5_000_000 }));

        Assert.That(tooLargeForServer.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(tooLargeForClient.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task A_call_that_may_be_tried_again_is()
    {
        var policy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromMilliseconds(5),
            MaxBackoff = TimeSpan.FromMilliseconds(50),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        };
        var config = new ServiceConfig
        {
            MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = policy } },
        };
        await using var server = await GreeterServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address, new() { ServiceConfig = config });

        var reply = await new Greeter.GreeterClient(channel).GreetAsync(new() { Fault = "unstable" });

        Assert.That(reply.Seen["grpc-previous-rpc-attempts"], Is.EqualTo("2"));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");

        var fault = await FaultAsync(new Greeter.GreeterClient(channel).GreetAsync(new()));

        Assert.That(fault.StatusCode, Is.EqualTo(StatusCode.Unavailable));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    public async Task A_request_may_be_compressed(string encoding)
    {
        var reply = await _client.GreetAsync(
            new() { Name = new string('q', 5_000) }, new Metadata { { "grpc-internal-encoding-request", encoding } });

        Assert.That(reply.Message, Has.Length.EqualTo(5_003));
        Assert.That(reply.Seen.GetValueOrDefault("grpc-encoding", encoding), Is.EqualTo(encoding));
    }

    private static async Task<RpcException> FaultAsync(AsyncUnaryCall<GreetReply> call)
    {
        using (call)
        {
            try
            {
                await call.ResponseAsync.WaitAsync(Soon);
            }
            catch (RpcException fault)
            {
                return fault;
            }
            throw new AssertionException("The call succeeded.");
        }
    }
}
