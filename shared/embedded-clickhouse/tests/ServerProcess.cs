using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tributary.EmbeddedClickHouse.Tests;

/// <summary>The executable on a folder of its own, started and killed as an operator or a machine would.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private readonly Process process;

    private ServerProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        StartedWith = process.TotalProcessorTime;
    }

    public Uri Address { get; }

    /// <summary>What starting took of a processor: the start's length on a machine that does nothing else.</summary>
    public TimeSpan StartedWith { get; }

    /// <summary>Skips on a laptop, and fails in CI, where the engine was not fetched.</summary>
    public static void NeedsTheEngine()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ".tributary", "native", "libchdb.so"))) return;
        }

        const string Reason = "libchdb.so is not in .tributary/native: shared/embedded-clickhouse/fetch gets it";
        if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail(Reason);
        Assert.Ignore(Reason);
    }

    public static async Task<ServerProcess> StartAsync(string data, params string[] options)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var clock = Stopwatch.StartNew();
        var process = Launch(data, address, options);
        using var client = new HttpClient();
        while (!await AnswersAsync(client, address))
        {
            if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}.");
            if (clock.Elapsed > StartMax) throw new TimeoutException("The server did not start.");
            await Task.Delay(10);
        }

        return new ServerProcess(process, address);
    }

    /// <summary>Runs it where it is expected to refuse, and gives its exit code.</summary>
    public static async Task<int> ExitCodeAsync(string data)
    {
        using var process = Launch(data, new Uri($"http://127.0.0.1:{FreePort()}/"), []);
        using var patience = new CancellationTokenSource(StartMax);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async Task KillAsync()
    {
        process.Kill(); // SIGKILL: nothing is flushed, nothing is said.
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private static Process Launch(string data, Uri address, string[] options)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Tributary.EmbeddedClickHouse");
        return Process.Start(new ProcessStartInfo(program,
        [
            "--ClickHouse:Data", data, "--ClickHouse:Listen", address.Authority, .. options,
        ])
        { RedirectStandardOutput = false })!;
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address)
    {
        try
        {
            return await client.GetStringAsync(new Uri(address, "ping")) == "Ok.\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
