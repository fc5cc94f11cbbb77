using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Tributary.Testing;

namespace Tributary.Standalone.Tests;

/// <summary>What <c>./tributary</c> sets up in a data folder of its own, on ports of its own.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const int Ports = 8;
    private static readonly TimeSpan CommandMax = TimeSpan.FromMinutes(5);
    private static int s_nextBase = 25_000 + Environment.ProcessId % 200 * Ports;

    private readonly TemporaryFolder _folder = new("up");

    public string Data => _folder.FullName;
    public int PortBase { get; } = FreeBase();
    public string Ready => $"http://127.0.0.1:{PortBase + 3}/health/ready";

    /// <summary>Runs a command on this installation.</summary>
    public Task<Outcome> RunAsync(params string[] command) =>
        ShellAsync($"./tributary {string.Join(' ', command)} --data {Data} --port-base {PortBase}");

    /// <summary>
    /// Runs a script in the checkout; DATA, DATABASE_URL and the like are not set: it reads the secrets.
    /// </summary>
    public static async Task<Outcome> ShellAsync(string script)
    {
        using var bound = new CancellationTokenSource(CommandMax);
        using var shell = Start(script);
        var output = shell.StandardOutput.ReadToEndAsync(bound.Token);
        var error = shell.StandardError.ReadToEndAsync(bound.Token);
        await shell.WaitForExitAsync(bound.Token);
        return new(shell.ExitCode, await output, await error);
    }

    /// <summary>A script that runs on while the test does something else.</summary>
    public static Process Start(string script) => Process.Start(new ProcessStartInfo("bash", ["-c", script])
    {
        WorkingDirectory = Repository.Root,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public int ProcessId(string part) =>
        int.Parse(
            File.ReadAllText(Path.Combine(Data, "run", $"{part}.pid")).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Asks the database one question, with the password that was generated.</summary>
    public async Task<string> AskDatabaseAsync(string sql)
    {
        var answer = await ShellAsync($"""
            . {Data}/secrets && PGPASSWORD=$POSTGRES_PASSWORD \
              psql -XqAt -h 127.0.0.1 -p {PortBase + 6} -U tributary tributary -c "{sql}"
            """);
        Assert.That(answer.Code, Is.Zero, answer.Error);
        return answer.Output.Trim();
    }

    /// <summary>Asks ClickHouse one question, with the password that was generated; nothing when it fails.</summary>
    public async Task<string> AskClickHouseAsync(string sql)
    {
        var answer = await ShellAsync($"""
            . {Data}/secrets && curl -sS --noproxy '*' -u "default:$CLICKHOUSE_PASSWORD" \
              --fail --data-binary "{sql}" 'http://127.0.0.1:{PortBase + 5}/?database=tributary'
            """);
        return answer.Output.Trim();
    }

    /// <summary>The process of an engine that runs beside the services.</summary>
    public async Task<int> ChildIdAsync(string name)
    {
        var status = await RunAsync("status");
        var line = status.Output.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
    }

    public async Task<string> AskRedisAsync(string command)
    {
        var answer = await ShellAsync(
            $". {Data}/secrets && REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -p {PortBase + 7} {command}");
        return answer.Output.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        _folder.Dispose();
    }

    private static int FreeBase()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Select(listener => listener.Port).ToHashSet();
        while (Enumerable.Range(s_nextBase, Ports).Any(taken.Contains)) s_nextBase += Ports;
        return (s_nextBase += Ports) - Ports;
    }
}

internal sealed record Outcome(int Code, string Output, string Error);
