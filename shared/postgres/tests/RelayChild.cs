using System.Diagnostics;
using Tributary.Postgres.Testing;
using Tributary.Testing;

namespace Tributary.Postgres.Tests;

/// <summary>A running <see cref="RelayProcess"/>, with the signals a test sends it.</summary>
internal sealed class RelayChild : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _stepped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RelayChild(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("step ", StringComparison.Ordinal) == true) _stepped.TrySetResult();
        };
        process.BeginOutputReadLine();
    }

    public static RelayChild Start(TestDatabase test, string topicPrefix, string? stop)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(RelayProcess).Assembly.Location },
            Environment =
            {
                ["Database__Url"] = test.Url,
                ["Kafka__Brokers"] = RealService.Address("TEST_KAFKA"),
                ["Kafka__TopicPrefix"] = topicPrefix,
                ["Outbox__BatchMessagesMax"] = "5",
                ["Outbox__PollInterval"] = "00:00:00.050",
                ["Outbox__LeaseMax"] = "00:00:02",
                ["Outbox__BackoffMax"] = "00:00:01",
            },
        };
        if (stop is not null) start.Environment["stop"] = stop;
        return new(Process.Start(start)!);
    }

    /// <summary>Until it says that it stands at its step.</summary>
    public Task SteppedAsync() => _stepped.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Freeze() => Signal("STOP");

    public void Thaw()
    {
        Signal("CONT");
        _process.StandardInput.WriteLine();
    }

    public void Kill()
    {
        if (!_process.HasExited) Signal("KILL");
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
