using Google.Protobuf.WellKnownTypes;
using Tributary.Streaming.Reading;

namespace Tributary.Streaming.Tests;

public class Handing_batches_over
{
    [Test]
    public async Task A_partition_without_a_stored_offset_starts_at_the_earliest_record_which_is_written_down_first()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "gone", "first", "second");
        reader.Log.Expire(0, before: 1);
        StoredOffset? storedWhenHandled = null;
        reader.Handler.Before = (_, _) =>
        {
            storedWhenHandled ??= reader.Stored(0);
            return ValueTask.CompletedTask;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "first", "second" }));
        Assert.That(storedWhenHandled!.NextOffset, Is.EqualTo(1));
        Assert.That(reader.Log.Sought, Is.EqualTo(new[] { (0, 1L) }));
    }

    [Test]
    public async Task A_reader_goes_on_at_the_stored_offset_and_not_where_Kafka_says()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b", "c", "d");
        reader.Offsets.Put("reader", "memory.v1", new(reader.Log.TopicId, 0, 2, new Dictionary<Guid, long>()));

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "c", "d" }));
    }

    [Test]
    public async Task Batches_are_of_one_partition_bounded_and_begin_where_the_last_one_ended()
    {
        await using var reader = new MemoryReader(new MemoryLog(partitions: 2));
        reader.Log.Write(0, Enumerable.Range(0, 25).Select(number => $"a{number}"));
        reader.Log.Write(1, Enumerable.Range(0, 5).Select(number => $"b{number}"));

        await reader.StartAsync();
        reader.Log.Assign(0, 1);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 30);

        foreach (var partition in reader.Offsets.Spans.GroupBy(span => span.Partition))
        {
            Assert.That(partition.First().Start, Is.Zero);
            Assert.That(partition.Zip(partition.Skip(1)).All(pair => pair.First.End == pair.Second.Start));
            Assert.That(partition.Select(span => span.End - span.Start), Is.All.LessThanOrEqualTo(10));
        }
    }

    [Test]
    public async Task A_batch_is_bounded_by_bytes_and_a_larger_record_is_a_batch_of_its_own()
    {
        await using var reader = new MemoryReader(adjust: options => options with { BatchBytesMax = 1_024 });
        reader.Log.Write(0, new string('a', 600), new string('b', 600), new string('c', 5_000), "d");

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 4);

        Assert.That(reader.Offsets.Spans.Select(span => span.End), Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task A_handler_that_throws_moves_nothing_and_is_given_the_same_records_again()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b");
        List<string[]> given = [];
        List<long?> storedAtEach = [];
        reader.Handler.Before = (batch, _) =>
        {
            given.Add([.. batch.Events.Select(seen => seen.Value)]);
            storedAtEach.Add(reader.Stored(0)?.NextOffset);
            return given.Count < 3 ? throw new InvalidOperationException("database is down") : ValueTask.CompletedTask;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2);

        Assert.That(given, Has.Count.EqualTo(3));
        Assert.That(given, Is.All.EqualTo(given[0]));
        Assert.That(storedAtEach, Is.All.Zero);
        Assert.That(reader.Log.Sought.Select(sought => sought.Offset), Is.EqualTo(new[] { 0L, 0, 0 }), "sought back");
        Assert.That(reader.Counts["batches:failed"], Is.EqualTo(2));
    }

    [Test]
    public async Task While_a_handler_fails_health_says_so_and_other_partitions_go_on()
    {
        await using var reader = new MemoryReader(new MemoryLog(partitions: 2));
        reader.Log.Write(0, "poisoned");
        reader.Log.Write(1, "fine");
        var isDown = true;
        reader.Handler.Before = (batch, _) => Volatile.Read(ref isDown) && batch.Span.Partition == 0
            ? throw new InvalidOperationException("campaign table is locked")
            : ValueTask.CompletedTask;

        await reader.StartAsync();
        reader.Log.Assign(0, 1);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 1 && reader.Troubles.Count == 1);
        var trouble = reader.Troubles.Single();
        Volatile.Write(ref isDown, false);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2 && reader.Troubles.Count == 0);

        Assert.That(trouble.Sentence, Does.Contain("memory.v1[0]").And.Contain("campaign table is locked"));
        Assert.That(trouble.IsLasting, Is.False);
    }

    [Test]
    public async Task A_handler_that_forgets_the_span_is_told_so_and_nothing_is_counted()
    {
        await using var log = new MemoryReader();
        log.Log.Write(0, "a");
        var forgetful = new Forgetful();
        var identity = new ReaderIdentity("tests", "reader", "memory.v1", "memory.v1");
        var handOver = new HandOver<StringValue>(
            identity, log.Log, new LogPlanner<StringValue>(StringValue.Parser.ParseFrom), forgetful, log);
        var record = new Record(0, 0, default, null, [], []);

        var outcome = await handOver.RunAsync(
            [record], new(log.Log.TopicId, 0, 0, new Dictionary<Guid, long>()), CancellationToken.None);

        Assert.That(outcome, Is.TypeOf<HandOverOutcome.Failed>());
        Assert.That(((HandOverOutcome.Failed)outcome).Exception.Message, Does.Contain("span"));
    }

    [Test]
    public async Task A_partition_that_is_full_is_paused_while_its_handler_is_slow_and_the_reader_polls_on()
    {
        await using var reader = new MemoryReader(new MemoryLog(partitions: 2));
        reader.Log.Write(0, Enumerable.Range(0, 200).Select(number => $"a{number}"));
        var release = new TaskCompletionSource();
        reader.Handler.Before = async (batch, _) =>
        {
            if (batch.Records[0].Partition == 0) await release.Task;
        };

        await reader.StartAsync();
        reader.Log.Assign(0, 1);
        await MemoryReader.UntilAsync(() => reader.Log.IsPaused(0));
        reader.Log.Write(1, "b");
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Contains("b"));
        var polls = reader.Log.Polls;
        await MemoryReader.UntilAsync(() => reader.Log.Polls > polls + 10);
        release.SetResult();
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 201);

        Assert.That(
            reader.Offsets.Rows.Where(row => row[0] == 'a'), Is.EqualTo(Enumerable.Range(0, 200).Select(n => $"a{n}")));
    }

    [Test]
    public async Task A_handler_over_its_time_is_cancelled_and_tried_again()
    {
        await using var reader = new MemoryReader(
            adjust: options => options with { HandlerTimeMax = TimeSpan.FromMilliseconds(100) });
        reader.Log.Write(0, "a");
        var attempts = 0;
        reader.Handler.Before = async (_, token) =>
        {
            if (Interlocked.Increment(ref attempts) == 1) await Task.Delay(Timeout.Infinite, token);
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 1);

        Assert.That((attempts, reader.Offsets.Rows), Is.EqualTo((2, new[] { "a" })));
    }

    [Test]
    public async Task A_handler_that_ignores_its_cancellation_is_left_behind_and_its_late_commit_is_fenced_off()
    {
        await using var reader = new MemoryReader(adjust: options => options with
        {
            HandlerTimeMax = TimeSpan.FromMilliseconds(100),
            HandlerGraceMax = TimeSpan.FromMilliseconds(50),
        });
        reader.Log.Write(0, "a", "b");
        var stuck = new TaskCompletionSource();
        var attempts = 0;
        reader.Handler.Before = async (_, _) =>
        {
            if (Interlocked.Increment(ref attempts) == 1) await stuck.Task;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2);
        stuck.SetResult();
        reader.Log.Write(0, "c");
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 3);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(reader.Counts["batches:left-behind"], Is.EqualTo(1));
    }

    private sealed class Forgetful : IBatchHandler<StringValue>
    {
        public ValueTask HandleAsync(Batch<StringValue> batch, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
