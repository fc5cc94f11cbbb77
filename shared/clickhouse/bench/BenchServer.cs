using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tributary.ClickHouse.Bench;

/// <summary>The embedded server on a folder that goes away, or the server that TRIBUTARY_CLICKHOUSE names.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string Database = "bench";
    private readonly Process? process;
    private readonly string folder;

    private BenchServer(Process? process, string folder, string address)
    {
        this.process = process;
        this.folder = folder;
        Address = address.TrimEnd('/');
        Client = new ClickHouseClient($"{Address}/{Database}?Timeout=600");
    }

    public string Address { get; }

    public ClickHouseClient Client { get; }

    public static async Task<BenchServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_CLICKHOUSE") is { Length: > 0 } given)
        {
            return new BenchServer(process: null, "", given);
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var folder = Directory.CreateTempSubdirectory("clickhouse-bench-").FullName;
        var process = Process.Start("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Tributary.EmbeddedClickHouse.dll"),
            "--ClickHouse:Data", folder, "--ClickHouse:Listen", address, "--Logging:LogLevel:Default", "Warning",
        ]);
        using var http = new HttpClient();
        for (var turn = 0; turn < 600; turn++)
        {
            try
            {
                await http.GetStringAsync(new Uri($"http://{address}/ping"));
                return new BenchServer(process, folder, $"http://{address}");
            }
            catch (HttpRequestException) when (turn < 599)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException("The server did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
