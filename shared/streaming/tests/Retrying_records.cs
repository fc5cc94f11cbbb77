using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Tests;

public class Retrying_records
{
    private static readonly Guid OriginTopic = Guid.NewGuid();

    [Test]
    public async Task A_rejected_record_that_comes_back_is_applied_once_however_often_it_is_replayed()
    {
        await using var retries = Retries();
        Rejected(retries.Offsets, 5, 6);
        Replay(retries, Letter(5, "a"), Letter(5, "a"), Letter(6, "b"));

        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 3);
        Replay(retries, Letter(6, "b"), Letter(5, "a"));
        await Until(retries, next: 5);

        Assert.That(retries.Offsets.Rows, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(retries.Counts["skipped:already-applied"], Is.EqualTo(3));
    }

    [Test]
    public async Task A_record_that_was_handled_after_all_is_not_applied_by_its_dead_letter()
    {
        await using var retries = Retries();
        Replay(retries, Letter(5, "a")); // No transaction that passed it said that it was rejected.

        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 1);

        Assert.That(retries.Offsets.Rows, Is.Empty);
    }

    [Test]
    public async Task A_batch_that_rejects_fails_and_then_accepts_leaves_a_dead_letter_that_no_replay_can_apply()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a");
        var attempts = 0;
        reader.Handler.Before = async (batch, token) =>
        {
            if (attempts++ > 0) return;
            await batch.RejectAsync(0, "unknown campaign", null, token);
            throw new InvalidOperationException("database is down");
        };
        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 1);

        await using var retries = Retries(reader.Offsets);
        Replay(retries, reader.DeadLetters.Single());
        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 1);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_retry_that_is_rejected_again_keeps_its_origin_counts_its_attempts_and_can_be_replayed()
    {
        await using var retries = Retries();
        Rejected(retries.Offsets, 5);
        Replay(retries, Letter(5, "a"));
        var isKnown = false;
        retries.Handler.Before = async (batch, token) =>
        {
            if (!isKnown && batch.Events.Count > 0) await batch.RejectAsync(0, "still unknown", null, token);
        };

        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 1);
        isKnown = true;
        Replay(retries, retries.DeadLetters.Single());
        await Until(retries, next: 2);

        var letter = retries.DeadLetters.Single();
        Assert.That((letter.Origin, letter.Attempts), Is.EqualTo((new Origin(OriginTopic, 3, 5), 2)));
        Assert.That(letter.Topic, Is.EqualTo("memory.v1"));
        Assert.That(retries.Offsets.Rows, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_retried_record_is_shown_as_it_first_was_and_its_positions_skip_nothing()
    {
        await using var retries = Retries();
        Rejected(retries.Offsets, 9, 5);
        var source = Guid.NewGuid();
        Replay(
            retries,
            Letter(9, "later") with { Headers = [new SourcePosition(source, 9).ToHeader()] },
            Letter(5, "earlier") with
            {
                Headers = [new SourcePosition(source, 5).ToHeader()],
                Key = "person"u8.ToArray(),
            });
        List<Record> shown = [];
        retries.Handler.Before = (batch, _) =>
        {
            shown.AddRange(batch.Records);
            return ValueTask.CompletedTask;
        };

        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 2);

        Assert.That(shown.Select(record => (record.Partition, record.Offset)), Is.EqualTo(new[] { (3, 9L), (3, 5L) }));
        Assert.That(shown[1].Key, Is.EqualTo("person"u8.ToArray()));
        Assert.That(shown[1].Headers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_retry_is_for_the_consumer_that_rejected_it_alone()
    {
        await using var retries = Retries();
        Rejected(retries.Offsets, 5);
        Replay(retries, Letter(5, "a") with { Consumer = "another" }, Letter(5, "a") with { Topic = "other.v1" });

        await retries.StartAsync();
        retries.Log.Assign(0);
        await Until(retries, next: 2);

        Assert.That(retries.Offsets.Rows, Is.Empty);
        Assert.That(retries.Counts["skipped:other-consumer"], Is.EqualTo(2));
    }

    [Test]
    public void A_dead_letter_is_read_as_it_was_written()
    {
        var letter = Letter(5, "a") with
        {
            Key = [1, 2],
            Detail = "why",
            Attempts = 3,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123),
            Headers = [new RecordHeader("tenant", "t-1"u8.ToArray())],
        };

        var record = letter.ToRecord("dead.tests");
        var read = DeadLetter.Read(new(0, 0, DateTimeOffset.UnixEpoch, record.Key, record.Value, record.Headers))!;

        Assert.That(read with { Headers = letter.Headers, Key = letter.Key, Value = letter.Value }, Is.EqualTo(letter));
        Assert.That((read.Key, read.Value), Is.EqualTo((letter.Key, letter.Value)));
        Assert.That(read.Headers.Single().Value.ToArray(), Is.EqualTo("t-1"u8.ToArray()));
        Assert.That(record.Key, Is.EqualTo(System.Text.Encoding.ASCII.GetBytes(letter.Origin.ToString())));
    }

    [TestCase("")]
    [TestCase("0:0")]
    [TestCase("00112233445566778899aabbccddeeff:-1:5")]
    [TestCase("00112233445566778899aabbccddeeff:1:5:7")]
    [TestCase("00112233-4455-6677-8899-aabbccddeeff:1:5")]
    public void What_is_no_origin_is_refused(string text) => Assert.That(Origin.TryParse(text, out _), Is.False);

    private static MemoryReader Retries(MemoryOffsets? offsets = null) => new(offsets: offsets, topic: "retry.tests");

    private static Task Until(MemoryReader retries, long next) => MemoryReader.UntilAsync(
        () => retries.Offsets.Stored("reader", "retry.tests", 0)?.NextOffset == next);

    private static void Rejected(MemoryOffsets offsets, params IEnumerable<long> at)
    {
        offsets.Put("reader", "memory.v1", new(OriginTopic, 3, 0, new Dictionary<Guid, long>()));
        offsets.Commit(
            new BatchSpan("reader", "memory.v1", OriginTopic, 3, 0, 10, new Dictionary<Guid, long>())
            {
                Rejected = [.. at.Select(offset => new Origin(OriginTopic, 3, offset))],
            },
            []);
    }

    private static void Replay(MemoryReader retries, params IEnumerable<DeadLetter> letters) => retries.Log.Write(
        0,
        letters.Select(letter => letter.ToRecord("retry.tests"))
            .Select(record => (record.Value, record.Headers.ToArray())));

    private static DeadLetter Letter(long offset, string value) => new(
        new Origin(OriginTopic, 3, offset), "memory.v1", "reader", "unknown campaign", null, 1,
        DateTimeOffset.UnixEpoch, null, new StringValue { Value = value }.ToByteArray(), []);
}
