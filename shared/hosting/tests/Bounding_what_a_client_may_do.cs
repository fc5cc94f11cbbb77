using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Tributary.Hosting.Tests;

public class Bounding_what_a_client_may_do
{
    [Test]
    public async Task A_client_that_drips_its_headers_is_cut_off()
    {
        await using var service = await RunningService.StartAsync(settings: ("Limits:HeadersTimeout", "00:00:01"));
        using var client = await ConnectAsync(service);
        await SendAsync(client, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        var began = Stopwatch.GetTimestamp();

        var answer = await ReadToEndAsync(client);

        Assert.That(answer, Does.StartWith("HTTP/1.1 408"));
        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public async Task A_client_that_drips_its_body_is_cut_off()
    {
        await using var service = await RunningService.StartAsync(
            app => app.MapPost("/read", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                return await reader.ReadToEndAsync();
            }),
            settings: [("Limits:BodyGrace", "00:00:01.5"), ("Limits:BodyBytesPerSecondMin", "1000")]);
        using var client = await ConnectAsync(service);
        await SendAsync(client, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");

        var answer = await ReadToEndAsync(client);

        Assert.That(answer, Does.StartWith("HTTP/1.1 408"));
    }

    [TestCase("X-Long: ", 5_000, TestName = "Headers that are too long together")]
    public async Task Too_much_in_the_headers_is_refused(string header, int length)
    {
        await using var service = await RunningService.StartAsync(settings: ("Limits:HeaderBytesMax", "4096"));
        using var client = await ConnectAsync(service);

        await SendAsync(client, $"GET /health HTTP/1.1\r\nHost: x\r\n{header}{new string('x', length)}\r\n\r\n");

        Assert.That(await ReadToEndAsync(client), Does.StartWith("HTTP/1.1 431"));
    }

    [Test]
    public async Task Too_many_headers_are_refused()
    {
        await using var service = await RunningService.StartAsync(settings: ("Limits:HeadersMax", "8"));
        using var client = await ConnectAsync(service);
        var headers = string.Concat(Enumerable.Range(0, 9).Select(number => $"X-{number}: y\r\n"));

        await SendAsync(client, $"GET /health HTTP/1.1\r\nHost: x\r\n{headers}\r\n");

        Assert.That(await ReadToEndAsync(client), Does.StartWith("HTTP/1.1 431"));
    }

    [Test]
    public async Task Connections_above_the_bound_are_closed_at_once()
    {
        await using var service = await RunningService.StartAsync(settings: ("Limits:ConnectionsMax", "10"));
        var held = new List<TcpClient>();
        for (var number = 0; number < 10; number++) held.Add(await ConnectAsync(service));

        using var tooMany = await ConnectAsync(service);
        var answer = await ReadToEndAsync(tooMany);

        Assert.That(answer, Is.Empty);
        held.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task The_server_does_not_say_what_it_is()
    {
        await using var service = await RunningService.StartAsync();

        using var response = await service.Http.GetAsync("/health");

        Assert.That(response.Headers.Contains("Server"), Is.False);
    }

    [Test]
    public async Task Forwarded_addresses_are_believed_of_trusted_proxies_only()
    {
        Assert.That(await SeenAsync(""), Is.EqualTo("127.0.0.1"));
        Assert.That(await SeenAsync("127.0.0.0/8"), Is.EqualTo("203.0.113.9"));

        static async Task<string> SeenAsync(string trusted)
        {
            await using var service = await RunningService.StartAsync(
                app => app.MapGet("/who", (HttpContext context) => $"{context.Connection.RemoteIpAddress}"),
                settings: ("Listen:TrustedProxies", trusted));
            using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            return await (await service.Http.SendAsync(request)).Content.ReadAsStringAsync();
        }
    }

    private static async Task<TcpClient> ConnectAsync(RunningService service)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Addresses.Http.Host, service.Addresses.Http.Port);
        return client;
    }

    private static async Task SendAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (IOException)
        {
            return ""; // Reset.
        }
    }
}
