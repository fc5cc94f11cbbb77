using System.Text;
using Google.Protobuf;
using Tributary.ClickHouse;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Stepped;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Ingestion.Tests;

/// <summary>
/// One process is stopped after a step of recipe 2 or 5 and before the next one, every time at the same place; half of
/// what it is sent comes twice.
/// </summary>
[Category("Integration")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Children)]
public sealed class Stopping_between_two_steps
{
    private static readonly string[] Counting =
        [Steps.PlaceFound, Steps.BatchDecided, Steps.BatchAcknowledged, Steps.BatchKept];

    private static readonly string[] StoringRows =
        [Steps.BoundsMade, Steps.BoundsWrittenDown, Steps.BlockInserted, Steps.MarkMade, Steps.BlockMarked];

    /// <summary>Where a process that goes on later still has something to do that another one has done.</summary>
    private static readonly string[] CountingMidway = [Steps.BatchDecided, Steps.BatchAcknowledged];

    private static readonly string[] StoringMidway =
        [Steps.BoundsMade, Steps.BoundsWrittenDown, Steps.BlockInserted, Steps.MarkMade];

    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(90);
    private static readonly RoundBounds Bounds = new() { DrainMax = TimeSpan.FromSeconds(120) };

    [TestCaseSource(nameof(Counting))]
    public Task Counting_once_killed_after(string step) => KilledAsync(step);

    [TestCaseSource(nameof(CountingMidway))]
    public Task Counting_once_frozen_and_replaced_after(string step) => FrozenAsync(step);

    [TestCaseSource(nameof(StoringRows))]
    public Task Storing_killed_after(string step) => KilledAsync(step);

    [TestCaseSource(nameof(StoringMidway))]
    public Task Storing_frozen_and_replaced_after(string step) => FrozenAsync(step);

    private static async Task KilledAsync(string step)
    {
        await using var run = await Run.CreateAsync();
        await using var process = run.Process("killed", step, Harm.Kill);
        await process.LaunchAsync();
        var account = await run.LoadAsync();

        await Eventually.ThatAsync(() => process.State, Is.EqualTo(PartState.Died), StopsWithin);
        await process.StartAsync(default);

        await run.AssertAccountAsync(account);
    }

    private static async Task FrozenAsync(string step)
    {
        await using var run = await Run.CreateAsync();
        await using var frozen = run.Process("frozen", step, Harm.Freeze);
        await using var successor = run.Process("successor", step: null, Harm.Freeze);
        await frozen.LaunchAsync();
        var account = await run.LoadAsync();

        await Eventually.ThatAsync(frozen.IsStopped, Is.True, StopsWithin);
        await successor.StartAsync(default);
        await run.SettleAsync(account); // The successor does all the work that is left, …
        frozen.Thaw();                  // … and only then the old owner goes on where it stood.

        await run.AssertAccountAsync(account);
        Assert.That(frozen.State, Is.EqualTo(PartState.Running), frozen.LogTail());
    }

    private sealed class Run(Pipeline pipeline) : IAsyncDisposable
    {
        private const int Ids = 1_000;
        private readonly TemporaryFolder _folder = new("steps");

        public static async Task<Run> CreateAsync() => new(await Pipeline.CreateAsync());

        public Part Process(string name, string? step, Harm harm)
        {
            var operations = FreePort.Next();
            var environment = new Dictionary<string, string>(pipeline.Environment)
            {
                ["Listen__Http"] = "127.0.0.1:0",
                ["Listen__Grpc"] = "127.0.0.1:0",
                ["Listen__Operations"] = $"127.0.0.1:{operations}",
                ["Ingestion__Deduplication__Folder"] = _folder.At($"{name}.windows"),
                ["Ingestion__Deduplication__SaveEvery"] = "00:00:01",
                ["Database__TransactionIdleMax"] = "00:00:05",
            };
            if (step is not null)
                foreach (var (key, value) in CrashPoint.At(step, visit: 1, harm, _folder.At($"{name}.mark")))
                    environment[key] = value;
            return new Part(DotNetProgram.Command(
                name, typeof(Steps).Assembly, _folder, environment,
                Probe.Answers(new Uri($"http://127.0.0.1:{operations}/health/ready"))));
        }

        /// <summary>Everything once, on the account; then every second one again.</summary>
        public async Task<Account> LoadAsync()
        {
            var host = await pipeline.StartAsync(deduplicate: false, store: false); // Makes the topics, and sends.
            var account = new Account(TimeProvider.System);
            var load = new KafkaLoad
            {
                Bootstrap = RealService.Kafka,
                Topic = pipeline.Prefix + Topics.Received.Name,
                Record = (id, key) => RecordOf(Pipeline.EventOf(id, key)),
                PerSecond = 10_000,
                IdsMax = Ids,
            };
            await load.RunAsync(account, default);
            var again = account.Entries.OrderBy(entry => entry.Sequence).Where(entry => entry.Sequence % 2 == 0);
            await Pipeline.SendAsync(host, again.Select(entry => Pipeline.EventOf(entry.Id, entry.Key)));
            return account;
        }

        public Task<IReadOnlyDictionary<string, IReadOnlyList<Sighting>>> SettleAsync(Account account) =>
            new Drain(TimeProvider.System, Bounds).UntilSettledAsync(
                Outlets, account, () => Task.CompletedTask, default);

        public async Task AssertAccountAsync(Account account)
        {
            var report = RoundReport.Of(0, TimeSpan.Zero, account, [], await SettleAsync(account));
            Assert.That(report.IsClean, Is.True, report.ToString());
            await Eventually.ThatAsync(
                () => pipeline.CountAsync("select sum(events) from events_hourly"), Is.EqualTo((long)Ids), StopsWithin);
            await Eventually.ThatAsync(
                () => pipeline.CountAsync("select sum(times) from funnel_steps"), Is.EqualTo((long)Ids), StopsWithin);
        }

        public async ValueTask DisposeAsync()
        {
            await pipeline.DisposeAsync();
            _folder.Dispose();
        }

        private IReadOnlyList<Outlet> Outlets =>
        [
            new KafkaOutlet(RealService.Kafka, pipeline.Prefix + Topics.Events.Name, IdsOf, SourceOf)
                .Named("events.v1"),
            new("rows", ReadRowsAsync),
        ];

        private async Task<IReadOnlyList<Sighting>> ReadRowsAsync(CancellationToken cancellationToken)
        {
            var rows = new List<Sighting>();
            if (await pipeline.RowsAsync() == 0) return rows;
            await using var reader = await pipeline.ClickHouse.QueryAsync(
                "select message_id from events order by toUInt32(splitByChar('-', message_id)[2])", options: null,
                cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                for (var row = 0; row < reader.Block.RowCount; row++)
                    rows.Add(new(reader.Block.Column<string>("message_id")[row], "a row"));
            return rows;
        }

        private static Confluent.Kafka.Message<string, byte[]> RecordOf(Event sent) =>
            new() { Key = Topics.Received.Key(sent), Value = sent.ToByteArray() };

        private static IEnumerable<string> IdsOf(Confluent.Kafka.Message<string, byte[]> message) =>
            [Event.Parser.ParseFrom(message.Value).MessageId];

        private static RecordSource? SourceOf(Confluent.Kafka.Headers headers) =>
            SourcePosition.Of([.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))])
                is { } source
                ? new(source.Source, source.Position)
                : null;
    }
}
