using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.FirstLight;

/// <summary>An engine as a part, and the port that it answers on.</summary>
internal sealed record Engine(PartCommand Command, int Port)
{
    public string Address => $"127.0.0.1:{Port}";
}

/// <summary>The embedded engines as processes with folders of their own.</summary>
internal static class Engines
{
    /// <summary>The broker, with the flushing that one machine has by default.</summary>
    public static Engine Kafka(TemporaryFolder folder, string name = "kafka")
    {
        var port = FreePort.Next();
        var command = Program(
            name, folder, "Tributary.EmbeddedKafka.Server",
            ["--data", folder.At(name), "--listen", $"127.0.0.1:{port}"], Probe.Port(port));
        return new(command with { CommandLine = [.. BrokerProgram(), .. command.CommandLine.Skip(3)] }, port);
    }

    // Published on its own where ./tributary starts us. The copy beside us lacks what the web's framework brings along,
    // and borrows it from a service.
    private static string[] BrokerProgram() =>
        Environment.GetEnvironmentVariable("EMBEDDED_KAFKA_SERVER") is { Length: > 0 } published
            ? [ToolPath.Require("dotnet"), "exec", published]
            :
            [
                ToolPath.Require("dotnet"), "exec", "--runtimeconfig",
                Path.Combine(AppContext.BaseDirectory, "Tributary.Ingestion.runtimeconfig.json"),
                Path.Combine(AppContext.BaseDirectory, "Tributary.EmbeddedKafka.Server.dll"),
            ];

    public static Engine ClickHouse(TemporaryFolder folder, string name = "clickhouse")
    {
        var port = FreePort.Next();
        return new(
            Program(name, folder, "Tributary.EmbeddedClickHouse",
            [
                "--ClickHouse:Data", Directory.CreateDirectory(folder.At(name)).FullName,
                "--ClickHouse:Listen", $"127.0.0.1:{port}", "--Logging:LogLevel:Default", "Warning",
            ], Probe.Answers(new Uri($"http://127.0.0.1:{port}/ping"))),
            port);
    }

    /// <summary>A program of this repository that lies beside this one.</summary>
    public static PartCommand Program(
        string name, TemporaryFolder folder, string assembly, IReadOnlyList<string> arguments,
        Func<CancellationToken, Task<bool>> isReady) => new()
        {
            Name = name,
            CommandLine =
            [
                ToolPath.Require("dotnet"), "exec", Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"),
                .. arguments,
            ],
            LogFile = folder.At($"{name}.log"),
            IsReady = isReady,
        };
}
