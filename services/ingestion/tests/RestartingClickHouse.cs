using Tributary.ClickHouse;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.Ingestion.Tests;

/// <summary>An embedded ClickHouse on one address and folder, killed and started again.</summary>
internal sealed class RestartingClickHouse : IAsyncDisposable
{
    private readonly Part _part;

    public RestartingClickHouse(string data)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        _part = new Part(new PartCommand
        {
            Name = "clickhouse",
            CommandLine =
            [
                Path.Combine(AppContext.BaseDirectory, "Tributary.EmbeddedClickHouse"),
                "--ClickHouse:Data", data, "--ClickHouse:Listen", Address.Authority,
            ],
            LogFile = $"{data}.log",
            IsReady = Probe.Answers(new Uri(Address, "ping")),
        });
    }

    public Uri Address { get; }

    public Task StartAsync() => _part.StartAsync(default);

    public Task KillAsync() => _part.KillAsync();

    public async Task<long> RowsAsync(string database)
    {
        using var client = new ClickHouseClient($"{Address.AbsoluteUri}{database}");
        try
        {
            await using var reader = await client.QueryAsync(
                "select toInt64(count()) as rows from events", options: null, CancellationToken.None);
            return await reader.ReadAsync(CancellationToken.None) ? reader.Block.Column<long>("rows")[0] : 0;
        }
        catch (ClickHouseException)
        {
            return 0;
        }
    }

    public ValueTask DisposeAsync() => _part.DisposeAsync();
}
