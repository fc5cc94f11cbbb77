using System.Text.Json;
using Grpc.Net.Client;

namespace Tributary.StandIns.Tests;

/// <summary>grpc-js on the other side: what both of our sides got wrong in the same way would show here.</summary>
[Category("Integration")]
public class Speaking_with_another_implementation
{
    private const string EveryPromise = """
        {
          "unary": "hi node",
          "binaryRequestMetadata": "01FF",
          "binaryResponseHeader": [0, 255, 7],
          "trailer": "t",
          "serverStream": 2000,
          "clientStream": 6,
          "duplex": ["re: n0", "re: n1", "re: n2"],
          "deadline": 4,
          "cancelled": 1,
          "detail": [9, "größer als 100 %", "because"],
          "statusDetails": [8, 9, 18, 1, 120],
          "thrown": "Exception was thrown by handler.",
          "compressed": 50003,
          "tooLarge": 8
        }
        """;

    [Test]
    public async Task Its_client_gets_from_our_server_what_ours_gets()
    {
        await using var server = await GreeterServer.StartAsync();
        using var client = Node.Start("client.js", server.Address.Authority);

        var said = await client.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(said, Is.Not.Empty, await client.StandardError.ReadToEndAsync());
        var expected = JsonSerializer.Serialize(JsonDocument.Parse(EveryPromise));
        Assert.That(JsonSerializer.Serialize(JsonDocument.Parse(said)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Our_client_gets_from_its_server_what_it_gets_from_ours()
    {
        using var server = Node.Start("server.js");
        var port = await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new Greeter.GreeterClient(channel);

        using var unary = client.GreetAsync(new() { Name = "n" }, new Metadata { { "x-ask-bin", [9] } });
        var reply = await unary;
        using var count = client.Count(new() { To = 5 });
        var numbers = await count.ResponseStream.ReadAllAsync().Select(number => number.Value).ToListAsync();
        using var chat = client.Chat();
        await chat.RequestStream.WriteAsync(new() { Name = "c" });
        await chat.ResponseStream.MoveNext();
        await chat.RequestStream.CompleteAsync();
        var fault = Assert.ThrowsAsync<RpcException>(async () => await client.GreetAsync(new() { Fault = "detailed" }));
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);
        var late = Assert.ThrowsAsync<RpcException>(
            async () => await client.GreetAsync(new() { DelayMs = 10_000 }, deadline: deadline));

        Assert.That(reply.Message, Is.EqualTo("node hi n 09"));
        Assert.That(unary.GetTrailers().GetValue("x-trail"), Is.EqualTo("node"));
        Assert.That(numbers, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(chat.ResponseStream.Current.Message, Is.EqualTo("node: c"));
        Assert.That(fault!.Status.Detail, Is.EqualTo("größer"));
        Assert.That(fault.Trailers.GetValueBytes("grpc-status-details-bin"), Is.EqualTo(new byte[] { 8, 9 }));
        Assert.That(late!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));

        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }
}
