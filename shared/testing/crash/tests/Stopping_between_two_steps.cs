using Dapper;
using Npgsql;
using Tributary.Counter;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Crash.Tests;

/// <summary>One process is stopped after a step and before the next one, every time at the same place.</summary>
[Category("Integration")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Children)]
public sealed class Stopping_between_two_steps
{
    private static readonly string[] ToPostgres =
    [
        Steps.OffsetRead, Steps.BatchRead, Steps.RowsWritten, Steps.OffsetMoved, Steps.OutboxAppended, Steps.Committed,
    ];

    private static readonly string[] Out =
        [Steps.LeaseTaken, Steps.MessagesRead, Steps.MessagesSent, Steps.MessagesMarked];

    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new("steps");
    private ApacheKafka _kafka = null!;
    private PostgreSqlServer _postgres = null!;
    private Part _broker = null!;
    private Part _server = null!;
    private int _tests;

    [OneTimeSetUp]
    public async Task StartServers()
    {
        _kafka = await ApacheKafka.PrepareAsync(RealService.KafkaHome, _folder, default);
        _postgres = await PostgreSqlServer.PrepareAsync(_folder, default);
        _broker = new Part(_kafka.Command);
        _server = new Part(_postgres.Command);
        await Task.WhenAll(_broker.StartAsync(default), _server.StartAsync(default));
    }

    [OneTimeTearDown]
    public async Task StopServers()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCaseSource(nameof(ToPostgres))]
    public Task To_Postgres_killed_after(string step) => KilledAsync(step);

    [TestCaseSource(nameof(ToPostgres))]
    public Task To_Postgres_frozen_and_replaced_after(string step) => FrozenAsync(step);

    [TestCaseSource(nameof(Out))]
    public Task Out_killed_after(string step) => KilledAsync(step);

    [TestCaseSource(nameof(Out))]
    public Task Out_frozen_and_replaced_after(string step) => FrozenAsync(step);

    private async Task KilledAsync(string step)
    {
        var counting = await CountingAsync();
        await using var counter = Counter(counting, "counter", step, Harm.Kill);
        await counter.LaunchAsync();
        var account = await LoadAsync(counting);

        await Eventually.ThatAsync(() => counter.State, Is.EqualTo(PartState.Died), StopsWithin);
        await counter.StartAsync(default);

        await AssertAccountAsync(counting, account);
    }

    private async Task FrozenAsync(string step)
    {
        var counting = await CountingAsync();
        await using var frozen = Counter(counting, "frozen", step, Harm.Freeze);
        await using var successor = new Part(counting.Counter($"{counting.Prefix}successor", Nothing));
        await frozen.LaunchAsync();
        var account = await LoadAsync(counting);

        await Eventually.ThatAsync(frozen.IsStopped, Is.True, StopsWithin);
        await successor.StartAsync(default);
        await SettleAsync(counting, account); // The successor does all the work that is left, …
        frozen.Thaw();                        // … and only then the old owner goes on where it stood.

        await AssertAccountAsync(counting, account);
        Assert.That(frozen.State, Is.EqualTo(PartState.Running), frozen.LogTail());
    }

    private static readonly Dictionary<string, string> Nothing = [];

    private async Task<CountingParts> CountingAsync()
    {
        var prefix = $"_{Interlocked.Increment(ref _tests)}_";
        await using var server = new NpgsqlConnection(_postgres.ConnectionString);
        await server.ExecuteAsync($"create database steps{prefix}");
        var database = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = $"steps{prefix}" };
        return new CountingParts(_kafka.Bootstrap, database.ToString(), _folder) { Prefix = prefix };
    }

    private Part Counter(CountingParts counting, string name, string step, Harm harm)
    {
        var mark = _folder.At($"{counting.Prefix}{name}.mark");
        return new Part(counting.Counter($"{counting.Prefix}{name}", CrashPoint.At(step, visit: 1, harm, mark)));
    }

    private static async Task<Account> LoadAsync(CountingParts counting)
    {
        var account = new Account(TimeProvider.System);
        await (counting.Load with { PerSecond = 10_000, IdsMax = 2_000 }).RunAsync(account, default);
        return account;
    }

    private static Task<IReadOnlyDictionary<string, IReadOnlyList<Sighting>>> SettleAsync(
        CountingParts counting, Account account) =>
        new Drain(TimeProvider.System, new RoundBounds()).UntilSettledAsync(
            counting.Outlets, account, () => Task.CompletedTask, default);

    private static async Task AssertAccountAsync(CountingParts counting, Account account)
    {
        var report = RoundReport.Of(0, TimeSpan.Zero, account, [], await SettleAsync(counting, account));
        Assert.That(report.IsClean, Is.True, report.ToString());
    }
}
