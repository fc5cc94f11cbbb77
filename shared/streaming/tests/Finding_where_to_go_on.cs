using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;

namespace Tributary.Streaming.Tests;

public class Finding_where_to_go_on
{
    private static readonly ReaderIdentity Reader = new("attribution", "touchpoints", "events.v1", "events.v1");
    private static readonly Guid TopicId = Guid.NewGuid();

    [Test]
    public void A_partition_that_was_never_read_begins_at_its_earliest_record() =>
        Assert.That(Decide(new(40, 90), []), Is.EqualTo(new PartitionStart.Begin(40)));

    [TestCase(40, TestName = "At the earliest record")]
    [TestCase(60, TestName = "Within the log")]
    [TestCase(90, TestName = "At the end")]
    public void A_stored_offset_that_the_log_holds_is_gone_on_from(long next)
    {
        var stored = Stored(TopicId, next);

        Assert.That(Decide(new(40, 90), [stored]), Is.EqualTo(new PartitionStart.GoOn(stored)));
    }

    [Test]
    public void Records_that_expired_unread_stop_it_and_are_named() => Assert.That(
        Sentence(new(40, 90), [Stored(TopicId, 30)]),
        Does.Contain("events.v1[2] no longer holds records 30 to 39").And.Contain(
            "./tributary offsets accept attribution events.v1 2 --at"));

    [Test]
    public void A_log_that_is_shorter_than_what_was_read_stops_it() => Assert.That(
        Sentence(new(40, 90), [Stored(TopicId, 91)]), Does.Contain("ends at 90, but was read up to 91"));

    [Test]
    public void A_topic_made_anew_stops_it_even_where_its_offsets_would_fit()
    {
        var before = Guid.NewGuid();

        Assert.That(
            Sentence(new(0, 90), [Stored(before, 50)]),
            Does.Contain("made anew").And.Contain($"{before:N}").And.Contain($"{TopicId:N}"));
    }

    [Test]
    public void A_row_of_the_topic_as_it_is_counts_and_not_one_of_before()
    {
        var now = Stored(TopicId, 50);

        Assert.That(Decide(new(0, 90), [Stored(Guid.NewGuid(), 70), now]), Is.EqualTo(new PartitionStart.GoOn(now)));
    }

    [Test]
    public async Task A_stopped_partition_is_seen_in_health_moves_nothing_and_the_others_go_on()
    {
        await using var reader = new MemoryReader(new MemoryLog(partitions: 2));
        reader.Log.Write(0, "a", "b", "c");
        reader.Log.Write(1, "x");
        reader.Offsets.Put("reader", "memory.v1", Stored(reader.Log.TopicId, 1) with { Partition = 0 });
        reader.Log.Expire(0, before: 2);

        await reader.StartAsync();
        reader.Log.Assign(0, 1);
        await MemoryReader.UntilAsync(() => reader.Troubles.Count == 1 && reader.Offsets.Rows.Count == 1);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "x" }));
        Assert.That(reader.Troubles.Single().IsLasting);
        Assert.That(reader.Stored(0)!.NextOffset, Is.EqualTo(1));
    }

    [Test]
    public async Task A_loss_that_was_accepted_is_gone_on_from_without_a_restart()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b", "c");
        reader.Offsets.Put("reader", "memory.v1", Stored(Guid.NewGuid(), 1) with { Partition = 0 });

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Troubles.Count == 1);
        reader.Offsets.Put("reader", "memory.v1", Stored(reader.Log.TopicId, 2) with { Partition = 0 });
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 1);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "c" }));
        Assert.That(reader.Troubles, Is.Empty);
    }

    [Test]
    public async Task A_topic_made_anew_under_a_running_reader_is_noticed_before_any_of_it_is_handled()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b");

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 2);
        reader.Log.MakeAnew();
        reader.Log.Write(0, "other a", "other b", "other c");
        await MemoryReader.UntilAsync(() => reader.Troubles.Any(trouble => trouble.IsLasting));

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(reader.Troubles.Single().Sentence, Does.Contain("made anew"));
        Assert.That(reader.Counts["batches:topic-made-anew"], Is.EqualTo(1));
    }

    [Test]
    public async Task Records_that_expire_under_a_running_reader_stop_its_partition()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a");

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 1);
        reader.Log.Expire(0, before: 5);
        reader.Log.Write(0, "f");
        await MemoryReader.UntilAsync(() => reader.Troubles.Any(trouble => trouble.IsLasting));

        Assert.That(reader.Troubles.Single().Sentence, Does.Contain("no longer holds records 1 to 4"));
        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a" }));
    }

    private static PartitionStart Decide(LogRange log, IReadOnlyCollection<StoredOffset> stored) =>
        PartitionStart.Decide(Reader, partition: 2, TopicId, log, stored);

    private static string Sentence(LogRange log, IReadOnlyCollection<StoredOffset> stored) =>
        ((PartitionStart.Stop)Decide(log, stored)).Sentence;

    private static StoredOffset Stored(Guid topicId, long next) =>
        new(topicId, 2, next, new Dictionary<Guid, long>());
}
