namespace Tributary.Streaming.Tests;

public class Owning_a_partition
{
    [Test]
    public async Task Of_two_owners_at_once_each_record_is_kept_by_one_and_in_order()
    {
        var offsets = new MemoryOffsets();
        var logs = new[] { new MemoryLog(partitions: 1), new MemoryLog(partitions: 1) };
        string[] sent = [.. Enumerable.Range(0, 500).Select(number => $"{number:D3}")];
        logs[1].BeTheSameTopicAs(logs[0]);
        foreach (var log in logs) log.Write(0, sent);
        await using var left = new MemoryReader(logs[0], offsets);
        await using var right = new MemoryReader(
            logs[1], offsets, options => options with { BatchRecordsMax = 7 });

        await left.StartAsync();
        await right.StartAsync();
        foreach (var log in logs) log.Assign(0);
        await MemoryReader.UntilAsync(() => offsets.Stored("reader", "memory.v1", 0)?.NextOffset == sent.Length);

        Assert.That(offsets.Rows, Is.EqualTo(sent));
    }

    [Test]
    public async Task An_owner_that_was_overtaken_reads_the_stored_offset_anew_and_goes_on_from_there()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b", "c", "d");
        var isFirst = true;
        reader.Handler.Before = (batch, _) =>
        {
            if (!isFirst) return ValueTask.CompletedTask;
            isFirst = false;
            // Another owner keeps the first three while this batch is with its handler.
            reader.Offsets.Commit(batch.Span with { End = 3 }, ["a", "b", "c"]);
            return ValueTask.CompletedTask;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 4);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "b", "c", "d" }));
        Assert.That(reader.Log.Sought, Is.EqualTo(new[] { (0, 0L), (0, 3L) }));
        Assert.That(reader.Counts["batches:another-owner"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_commit_that_was_reported_as_failed_and_had_happened_is_not_done_twice()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b");
        var isFirst = true;
        reader.Handler.Before = (batch, _) =>
        {
            if (!isFirst) return ValueTask.CompletedTask;
            isFirst = false;
            reader.Offsets.Commit(batch.Span, batch.Events.Select(seen => seen.Value));
            throw new IOException("the connection was lost during commit");
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Counts.ContainsKey("batches:another-owner"));
        reader.Log.Write(0, "c");
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 3);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task A_partition_is_handed_back_once_its_handler_has_kept_what_it_had()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a");
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        reader.Handler.Before = async (_, _) =>
        {
            begun.TrySetResult();
            await release.Task;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await begun.Task;
        reader.Log.Revoke(0);
        release.SetResult();
        await MemoryReader.UntilAsync(() => reader.Log.Progress.ContainsKey(0));

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a" }));
        Assert.That(reader.Log.Progress[0], Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_does_not_end_when_its_partition_is_taken_is_cancelled_and_left_behind()
    {
        await using var reader = new MemoryReader(
            new MemoryLog(partitions: 2),
            adjust: options => options with { HandlerGraceMax = TimeSpan.FromMilliseconds(50) });
        reader.Log.Write(0, "a");
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        reader.Handler.Before = async (batch, token) =>
        {
            if (batch.Span.Partition != 0) return;
            begun.TrySetResult();
            token.Register(cancelled.SetResult);
            await new TaskCompletionSource().Task; // Deaf.
        };

        await reader.StartAsync();
        reader.Log.Assign(0, 1);
        await begun.Task;
        reader.Log.Revoke(0);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        reader.Log.Write(1, "b");
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 1);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task A_zombie_that_commits_after_its_successor_began_keeps_nothing()
    {
        var log = new MemoryLog(partitions: 1);
        var offsets = new MemoryOffsets();
        log.Write(0, "a", "b");
        await using var zombie = new MemoryReader(
            log, offsets, options => options with { HandlerGraceMax = TimeSpan.FromMilliseconds(20) });
        var (begun, awake) = (new TaskCompletionSource(), new TaskCompletionSource());
        AnotherOwnerException? fence = null;
        zombie.Handler.Before = async (batch, _) =>
        {
            begun.TrySetResult();
            await awake.Task;
            fence = Assert.Throws<AnotherOwnerException>(() => offsets.Commit(batch.Span, ["zombie"]));
            throw fence!;
        };

        await zombie.StartAsync();
        log.Assign(0);
        await begun.Task;
        log.Lose(0);
        await zombie.StopAsync();
        await using var successor = new MemoryReader(log, offsets);
        await successor.StartAsync();
        log.Assign(0);
        await MemoryReader.UntilAsync(() => offsets.Rows.Count == 2);
        awake.SetResult();
        await MemoryReader.UntilAsync(() => fence is not null);

        Assert.That(offsets.Rows, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task A_stop_lets_the_handler_end_and_leaves_the_group()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a");
        var begun = new TaskCompletionSource();
        reader.Handler.Before = async (_, _) =>
        {
            begun.TrySetResult();
            await Task.Delay(100, CancellationToken.None);
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await begun.Task;
        await reader.StopAsync();

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a" }));
        Assert.That(reader.Log.HasLeft);
    }
}
