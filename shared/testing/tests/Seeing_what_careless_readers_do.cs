using System.Text;
using Dapper;
using Npgsql;
using Tributary.Careless;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Testing.Tests;

/// <summary>The rig's own proof: what it never finds in a careful consumer, it finds in each of these.</summary>
[Category("Integration")]
public sealed class Seeing_what_careless_readers_do
{
    private const int Ids = 300;
    private const int BatchMax = 100;
    private static readonly RoundBounds Bounds = new() { QuietMax = TimeSpan.FromSeconds(6) };
    private readonly TemporaryFolder _folder = new("careless");
    private ApacheKafka _kafka = null!;
    private PostgreSqlServer _postgres = null!;
    private Part _broker = null!;
    private Part _server = null!;
    private string _topic = "";
    private string _database = "";

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

    [SetUp]
    public async Task CreateTopicAndTables()
    {
        _topic = $"received_{Guid.NewGuid():N}";
        await _kafka.CreateTopicAsync(_topic, partitions: 1);
        await using var server = new NpgsqlConnection(_postgres.ConnectionString);
        await server.ExecuteAsync($"create database {_topic}");
        _database = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = _topic }.ToString();
        await using var connection = new NpgsqlConnection(_database);
        await connection.ExecuteAsync(CarelessOptions.Schema);
    }

    [TestCase(Care.OffsetFirst, "before rows", BatchMax, 0,
        TestName = "An offset that moves before the rows loses a batch when the process is killed between")]
    [TestCase(Care.OffsetLast, "rows kept", 0, BatchMax,
        TestName = "An offset that moves after the rows doubles a batch when the process is killed between")]
    [TestCase(Care.ExactFence, "before rows", 0, 0, TestName = "The control, killed before its rows: nothing")]
    [TestCase(Care.ExactFence, "rows written", 0, 0, TestName = "The control, killed before its offset: nothing")]
    [TestCase(Care.ExactFence, "rows kept", 0, 0, TestName = "The control, killed after its commit: nothing")]
    public async Task Killed(Care care, string point, int lost, int doubled)
    {
        var account = await LoadAsync();
        await using var reader = Reader("reader", care, BatchMax, point, Harm.Kill);

        await reader.StartAsync(default);
        await Eventually.ThatAsync(() => reader.State, Is.EqualTo(PartState.Died), TimeSpan.FromSeconds(30));
        await reader.StartAsync(default);

        await AssertAccountAsync(account, lost, doubled);
    }

    [TestCase(Care.LooseFence, 50, TestName = "A fence below the batch's end lets a thawed owner count again")]
    [TestCase(Care.ExactFence, 0, TestName = "The control, frozen and overtaken: nothing")]
    public async Task Overtaken(Care care, int doubled)
    {
        var account = await LoadAsync();
        await using var first = Reader("first", care, BatchMax, "rows written", Harm.Freeze);
        await using var second = Reader("second", care, batchMax: 50, "rows written", Harm.Freeze);

        await first.StartAsync(default);
        await Eventually.ThatAsync(first.IsStopped, Is.True, TimeSpan.FromSeconds(30)); // Inside [100, 200).
        await second.StartAsync(default);
        await Eventually.ThatAsync(second.IsStopped, Is.True, TimeSpan.FromSeconds(30)); // Kept [100, 150).
        first.Thaw();
        await Eventually.ThatAsync(() => first.LogTail(), Does.Contain("ends at 200"), TimeSpan.FromSeconds(30));
        second.Thaw();

        await AssertAccountAsync(account, lost: 0, doubled);
    }

    private async Task<Account> LoadAsync()
    {
        var account = new Account(TimeProvider.System);
        var load = new KafkaLoad
        {
            Bootstrap = _kafka.Bootstrap,
            Topic = _topic,
            Record = (id, key) => new() { Key = key, Value = Encoding.UTF8.GetBytes(id) },
            Keys = 10,
            PerSecond = 100_000,
            IdsMax = Ids,
        };
        await load.RunAsync(account, default);
        Assert.That(account.Entries.Count(entry => entry.Outcome == Outcome.Acknowledged), Is.EqualTo(Ids));
        return account;
    }

    private Part Reader(string name, Care care, int batchMax, string point, Harm harm)
    {
        var folder = Directory.CreateDirectory(_folder.At(_topic)).FullName;
        var ready = Path.Combine(folder, $"{name}.ready");
        var options = new CarelessOptions(care, _kafka.Bootstrap, _topic, _database, batchMax, ready);
        var environment = options.ToEnvironment()
            .Concat(CrashPoint.At(point, visit: 2, harm, Path.Combine(folder, $"{name}.mark")))
            .ToDictionary();
        return new Part(DotNetProgram.Command(
            $"{name}-{_topic}", typeof(CarelessOptions).Assembly, _folder, environment,
            _ => Task.FromResult(File.Exists(ready))));
    }

    private async Task AssertAccountAsync(Account account, int lost, int doubled)
    {
        var rows = Rows.Of("seen", _database, "select id, place, seen_at as SeenAt from seen order by line");

        var sightings = await new Drain(TimeProvider.System, Bounds)
            .UntilSettledAsync([rows], account, () => Task.CompletedTask, default);

        var report = RoundReport.Of(0, TimeSpan.Zero, account, [], sightings);
        TestContext.Out.WriteLine(report);
        Assert.That(report.Consumers.Single(), Has.Property("Lost").Count.EqualTo(lost)
            .And.Property("Doubled").Count.EqualTo(doubled).And.Property("Unexpected").Empty);
    }
}
