using Tributary.Testing.Crashes;

namespace Tributary.FirstLight.Tests;

/// <summary>The whole on this machine, started once for the tests that harm nothing.</summary>
[SetUpFixture]
internal sealed class Whole
{
    private static readonly Dictionary<string, string> Nothing = [];
    private static CrashRig? rig;

    public static House House { get; private set; } = null!;

    public static IngestionPart Ingestion { get; private set; } = null!;

    public static CrashRig Rig => rig!;

    [OneTimeSetUp]
    public async Task Start()
    {
        ClickHouseEngine.IsNeeded();
        rig = new CrashRig(TimeProvider.System, new RoundBounds());
        House = await House.StartAsync(rig, CancellationToken.None);
        Ingestion = await House.AddIngestionAsync("ingestion", Works.All, Nothing, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (rig is not null) await rig.DisposeAsync();
    }
}

/// <summary>ClickHouse's engine is fetched for one kind of machine.</summary>
internal static class ClickHouseEngine
{
    public static void IsNeeded()
    {
        if (File.Exists(Path.Combine(Testing.Repository.Root, ".tributary/native/libchdb.so"))) return;
        const string absent = "libchdb.so is not in .tributary/native";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 }) Assert.Fail(absent);
        Assert.Ignore(absent);
    }
}
