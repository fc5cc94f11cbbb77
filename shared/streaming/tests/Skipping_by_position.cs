using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Tests;

public class Skipping_by_position
{
    private static readonly Guid Left = Guid.NewGuid();
    private static readonly Guid Right = Guid.NewGuid();

    [Test]
    public void Only_what_is_above_the_highest_position_of_its_own_source_is_handled()
    {
        var plan = Plan(
            [(Left, 6), (Left, 7), (Right, 1), (Left, 7), (Left, 5), (Right, 2), (Left, 9)],
            new Dictionary<Guid, long> { [Left] = 6 });

        Assert.That(plan.Events.Select(planned => planned.Record.Offset), Is.EqualTo(new long[] { 1, 2, 5, 6 }));
        Assert.That(plan.Skipped["position"], Is.EqualTo(3));
        Assert.That(plan.Positions, Is.EquivalentTo(new Dictionary<Guid, long> { [Left] = 9, [Right] = 2 }));
    }

    [Test]
    public void A_record_without_the_header_is_never_skipped()
    {
        var plan = Plan([null, null, (Left, 1), null], new Dictionary<Guid, long> { [Left] = long.MaxValue });

        Assert.That(plan.Events.Select(planned => planned.Record.Offset), Is.EqualTo(new long[] { 0, 1, 3 }));
    }

    [Test]
    public async Task Positions_move_with_the_offset_and_not_with_a_batch_that_failed()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(Value("a"), [At(Left, 1)]), (Value("b"), [At(Left, 2)])]);
        var attempts = 0;
        reader.Handler.Before = (_, _) => Interlocked.Increment(ref attempts) < 3
            ? throw new InvalidOperationException("database is down")
            : ValueTask.CompletedTask;

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Offsets.Rows.Count == 2);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(reader.Stored(0)!.Positions[Left], Is.EqualTo(2));
    }

    [Test]
    public async Task What_two_writers_sent_twice_counts_once_over_batches_and_owners()
    {
        var log = new MemoryLog(partitions: 1);
        var offsets = new MemoryOffsets();
        var numbers = Enumerable.Range(1, 60).ToArray();
        // The second writer starts over from the beginning while the first is at 40, and goes on further.
        log.Write(0, numbers.Take(40).Concat(numbers).Select(
            number => (Value($"{number}"), new[] { At(Left, number) })));

        await using (var first = new MemoryReader(log, offsets))
        {
            await first.StartAsync();
            log.Assign(0);
            await MemoryReader.UntilAsync(() => offsets.Rows.Count >= 30);
        }
        await using var second = new MemoryReader(log, offsets);
        await second.StartAsync();
        log.Assign(0);
        await MemoryReader.UntilAsync(() => second.Stored(0)!.NextOffset == 100);

        Assert.That(offsets.Rows, Is.EqualTo(numbers.Select(number => $"{number}")));
    }

    [Test]
    public async Task A_batch_of_which_all_was_skipped_moves_the_offset_all_the_same()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, [(Value("a"), [At(Left, 1)])]);
        reader.Offsets.Put(
            "reader", "memory.v1", new(reader.Log.TopicId, 0, 0, new Dictionary<Guid, long> { [Left] = 1 }));

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)!.NextOffset == 1);

        Assert.That(reader.Offsets.Rows, Is.Empty);
    }

    [Test]
    public void The_header_is_sixteen_bytes_of_the_source_and_eight_of_the_position_both_big_endian()
    {
        var place = new SourcePosition(new Guid("00112233-4455-6677-8899-aabbccddeeff"), 0x0102030405060708);

        var header = place.ToHeader();

        Assert.That(
            Convert.ToHexStringLower(header.Value.Span),
            Is.EqualTo("00112233445566778899aabbccddeeff0102030405060708"));
        Assert.That(SourcePosition.Of([new("other", default), header]), Is.EqualTo(place));
    }

    [TestCase(0)]
    [TestCase(23)]
    [TestCase(25)]
    public void A_header_of_another_length_is_none(int length) =>
        Assert.That(SourcePosition.Of([new(SourcePosition.HeaderName, new byte[length])]), Is.Null);

    private static BatchPlan<StringValue> Plan(
        IEnumerable<(Guid Source, long Position)?> records, IReadOnlyDictionary<Guid, long> positions) =>
        new LogPlanner<StringValue>(StringValue.Parser.ParseFrom).Plan(
            [
                .. records.Select((place, offset) => new Record(
                    0, offset, default, null, [], place is { } at ? [At(at.Source, at.Position)] : [])),
            ],
            new StoredOffset(Guid.NewGuid(), 0, 0, positions));

    private static RecordHeader At(Guid source, long position) => new SourcePosition(source, position).ToHeader();

    private static byte[] Value(string value) => new StringValue { Value = value }.ToByteArray();
}
