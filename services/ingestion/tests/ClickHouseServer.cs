using Tributary.EmbeddedClickHouse.Tests;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests;

/// <summary>The embedded ClickHouse, started once, when a test first asks for it.</summary>
[SetUpFixture]
internal sealed class ClickHouseServer
{
    private static readonly Lazy<Task<(ServerProcess Process, TemporaryFolder Folder)>> Started = new(StartAsync);

    public static async Task<Uri> AddressAsync()
    {
        ServerProcess.NeedsTheEngine();
        return (await Started.Value).Process.Address;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (!Started.IsValueCreated) return;
        var (process, folder) = await Started.Value;
        await process.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<(ServerProcess Process, TemporaryFolder Folder)> StartAsync()
    {
        var folder = new TemporaryFolder("ingestion-clickhouse");
        return (await ServerProcess.StartAsync(folder.At("data")), folder);
    }
}
