using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Tributary.Streaming.Tests;

public class Rejecting_records
{
    private static readonly byte[] Garbage = [0xff, 0xff, 0xff];

    [Test]
    public async Task An_undecodable_record_is_in_dead_letters_before_the_handler_is_called_and_the_rest_go_on()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(Value("a"), []), (Garbage, []), (Value("c"), [])]);
        var lettersWhenHandled = -1;
        reader.Handler.Before = (_, _) =>
        {
            lettersWhenHandled = reader.DeadLetters.Count;
            return ValueTask.CompletedTask;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 3);

        Assert.That(lettersWhenHandled, Is.EqualTo(1));
        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "c" }));
        var letter = reader.DeadLetters.Single();
        Assert.That(letter.Origin, Is.EqualTo(new Origin(reader.Log.TopicId, 0, 1)));
        Assert.That((letter.Reason, letter.Attempts, letter.Topic), Is.EqualTo(("undecodable", 1, "memory.v1")));
        Assert.That(letter.Value, Is.EqualTo(Garbage));
    }

    [Test]
    public async Task A_rejected_event_keeps_its_key_headers_and_reason_and_its_origin_is_written_with_the_rows()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(Garbage, []), (Value("b"), [new("tenant", "t-1"u8.ToArray())]), (Value("c"), [])]);
        reader.Handler.Before = async (batch, token) => await batch.RejectAsync(0, "unknown campaign", "c-7", token);

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 3);

        var letter = reader.DeadLetters.Last();
        Assert.That(letter.Origin.Offset, Is.EqualTo(1), "the second record is the first event");
        Assert.That((letter.Reason, letter.Detail), Is.EqualTo(("unknown campaign", "c-7")));
        Assert.That(letter.Key, Is.EqualTo("key"u8.ToArray()));
        Assert.That(letter.Headers.Single().Name, Is.EqualTo("tenant"));
        Assert.That(
            reader.Offsets.Spans.Single().Rejected.Select(origin => origin.Offset), Is.EqualTo(new[] { 0L, 1L }));
    }

    [Test]
    public async Task No_offset_passes_a_record_whose_dead_letter_is_not_kept()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(Garbage, [])]);
        var attempts = 0;
        StoredOffset? storedWhileFailing = null;
        reader.BeforeDeadLetter = () =>
        {
            storedWhileFailing = reader.Stored(0);
            return Interlocked.Increment(ref attempts) < 3
                ? throw new TimeoutException("Kafka is down")
                : ValueTask.CompletedTask;
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 1);

        Assert.That(storedWhileFailing!.NextOffset, Is.Zero);
        Assert.That(reader.DeadLetters, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_rejection_that_was_not_awaited_keeps_the_span_from_being_taken()
    {
        var pending = new TaskCompletionSource();
        var batch = BatchOf(async (_, _, _, _) => await pending.Task);

        var rejection = batch.RejectAsync(0, "unknown campaign", null, CancellationToken.None);
        Assert.That(() => batch.Span, Throws.InvalidOperationException);
        pending.SetResult();
        await rejection;

        Assert.That(batch.Span.Rejected, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_rejection_that_failed_keeps_the_span_from_being_taken()
    {
        var batch = BatchOf((_, _, _, _) => throw new TimeoutException());

        Assert.ThrowsAsync<TimeoutException>(
            async () => await batch.RejectAsync(0, "unknown campaign", null, CancellationToken.None));
        Assert.That(() => batch.Span, Throws.InvalidOperationException);
    }

    [Test]
    public void Nothing_is_rejected_after_the_span_was_taken()
    {
        var batch = BatchOf((_, _, _, _) => ValueTask.CompletedTask);

        _ = batch.Span;

        Assert.ThrowsAsync<InvalidOperationException>(
            async () => await batch.RejectAsync(0, "too late", null, CancellationToken.None));
    }

    [Test]
    public async Task What_was_read_is_what_was_handled_skipped_and_rejected()
    {
        await using var reader = new MemoryReader();
        var source = new Writing.SourcePosition(Guid.NewGuid(), 7).ToHeader();
        reader.Log.Write(0,
            [(Value("a"), [source]), (Value("a"), [source]), (Garbage, []), (Value("b"), []), (Value("c"), [])]);
        reader.Handler.Before = async (batch, token) =>
        {
            for (var index = 0; index < batch.Events.Count; index++)
            {
                if (batch.Events[index].Value == "b") await batch.RejectAsync(index, "unwanted", null, token);
            }
        };

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Counts.GetValueOrDefault("read") == 5);

        Assert.That(reader.Counts["handled"], Is.EqualTo(2));
        Assert.That(reader.Counts["skipped:position"], Is.EqualTo(1));
        Assert.That(reader.Counts["rejected:undecodable"], Is.EqualTo(1));
        Assert.That(reader.Counts["rejected:unwanted"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_record_without_a_value_is_poison_and_not_an_empty_event()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(null!, [])]);

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 1);

        Assert.That(reader.DeadLetters.Single().Detail, Does.Contain("no value"));
    }

    private static byte[] Value(string value) => new StringValue { Value = value }.ToByteArray();

    private static Batch<StringValue> BatchOf(RejectEvent reject) => new(
        [new StringValue()],
        [new Record(0, 5, default, null, [], [])],
        new BatchSpan("reader", "memory.v1", Guid.NewGuid(), 0, 5, 6, new Dictionary<Guid, long>()),
        reject);
}
