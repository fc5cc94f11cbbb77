using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>A broker as a process of its own, with a data folder of its own, and what it costs.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;
    private readonly Func<int> serverId;

    private Subject(string name, Process process, string folder, int port, Func<int> serverId)
    {
        (Name, this.process, this.folder, this.serverId) = (name, process, folder, serverId);
        Address = $"127.0.0.1:{port}";
    }

    public string Name { get; }
    public string Address { get; }
    public TimeSpan StartedWithin { get; private set; }

    public static Task<Subject> OursAsync(string program, string fsync)
    {
        var (folder, port) = (NewFolder(), FreePort());
        return StartAsync($"ours, fsync {fsync}", folder, port, "dotnet",
            [program, "--data", folder, "--listen", $"127.0.0.1:{port}", "--fsync", fsync], pidFile: null);
    }

    public static Task<Subject> ApacheAsync(string home)
    {
        var (folder, port) = (NewFolder(), FreePort());
        return StartAsync("Apache Kafka", folder, port, Path.Combine(home, "kafka"),
            ["start", folder, port.ToString(CultureInfo.InvariantCulture)], Path.Combine(folder, "pid"));
    }

    /// <summary>Seconds of processor time since its start.</summary>
    public double CpuSeconds()
    {
        var fields = File.ReadAllText($"/proc/{serverId()}/stat").Split(") ")[^1].Split(' ');
        return (
            long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
            / 100.0;
    }

    public double MemoryMegabytes()
    {
        var line = File.ReadLines($"/proc/{serverId()}/status")
            .First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return double.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        using var server = Process.GetProcessById(serverId());
        server.Kill();
        await server.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Subject> StartAsync(
        string name, string folder, int port, string program, string[] arguments, string? pidFile)
    {
        var started = TimeProvider.System.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var subject = new Subject(name, process, folder, port, () => pidFile is null
            ? process.Id
            : int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture));
        while (!await AnswersAsync(port))
        {
            if (TimeProvider.System.GetElapsedTime(started) > StartMax) throw new TimeoutException(
                $"{name} did not start");
            await Task.Delay(1);
        }

        if (pidFile is not null) await process.WaitForExitAsync(); // The script returns when the broker answers.
        subject.StartedWithin = TimeProvider.System.GetElapsedTime(started);
        return subject;
    }

    /// <summary>Whether it answers a request for its versions.</summary>
    public static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(new byte[] { 0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255 });
            return await socket.ReceiveAsync(new byte[4]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("broker-bench-").FullName;

    public static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
