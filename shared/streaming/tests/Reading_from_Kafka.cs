using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Reading_from_Kafka
{
    private KafkaFixture _kafka = null!;

    [SetUp]
    public void Connect() => _kafka = KafkaFixture.Shared();

    [TearDown]
    public async Task DisconnectAsync()
    {
        if (_kafka is not null) await _kafka.DisposeAsync();
    }

    [Test]
    public async Task What_was_sent_is_handled_once_and_in_the_order_of_its_key()
    {
        var topic = await TopicAsync("sent.v1", partitions: 3);
        var sent = Numbered(5_000);

        await _kafka.SendAsync(topic, sent);
        await _kafka.ReadAsync(topic);

        await KeptAsync(sent);
    }

    [Test]
    public async Task Members_that_come_and_go_lose_nothing_double_nothing_and_keep_the_order()
    {
        var topic = await TopicAsync("rebalanced.v1", partitions: 6);
        var sent = Numbered(12_000);
        var sending = Task.Run(async () =>
        {
            foreach (var some in sent.Chunk(100)) await _kafka.SendAsync(topic, some);
        });

        var first = await _kafka.ReadAsync(topic);
        await KafkaFixture.UntilAsync(() => _kafka.Offsets.Rows.Count > 1_000);
        await _kafka.ReadAsync(topic);
        await _kafka.ReadAsync(topic);
        await sending;
        await first.StopAsync();

        await KeptAsync(sent);
    }

    [Test]
    public async Task A_handler_that_fails_again_and_again_is_given_the_same_and_loses_no_order()
    {
        var topic = await TopicAsync("failing.v1", partitions: 2);
        var sent = Numbered(3_000);
        var chance = new Random(5);
        ValueTask FailOftenAsync(Batch<StringValue> batch, CancellationToken token)
        {
            lock (chance)
            {
                if (chance.Next(3) == 0) throw new IOException("database is down");
            }
            return ValueTask.CompletedTask;
        }

        await _kafka.SendAsync(topic, sent);
        await _kafka.ReadAsync(topic, FailOftenAsync, options => options with { BatchRecordsMax = 100 });

        await KeptAsync(sent);
    }

    [Test]
    public async Task A_partition_that_was_paused_because_it_was_full_goes_on_where_it_was()
    {
        var topic = await TopicAsync("paused.v1", partitions: 2);
        var sent = Numbered(2_000);

        await _kafka.SendAsync(topic, sent);
        await _kafka.ReadAsync(
            topic,
            async (_, token) => await Task.Delay(20, token),
            options => options with { BatchRecordsMax = 50, BatchesAheadMax = 1 });

        await KeptAsync(sent);
    }

    [Test]
    public async Task A_handler_slower_than_the_session_keeps_its_partition()
    {
        var topic = await TopicAsync("slow.v1", partitions: 1);
        var handled = 0;

        await _kafka.SendAsync(topic, ["a-1", "a-2"]);
        await _kafka.ReadAsync(topic, async (_, token) =>
        {
            Interlocked.Increment(ref handled);
            await Task.Delay(TimeSpan.FromSeconds(9), token); // The session ends after 6 s of silence.
        });

        await KeptAsync(["a-1", "a-2"]);
        Assert.That(handled, Is.EqualTo(1), "nobody else was given the batch");
    }

    [Test]
    public async Task A_topic_made_anew_under_a_reader_stops_it_even_where_the_offsets_fit()
    {
        var topic = await TopicAsync("anew.v1", partitions: 1);
        await _kafka.SendAsync(topic, ["a-1", "a-2"]);
        var host = await _kafka.ReadAsync(topic);
        await KeptAsync(["a-1", "a-2"]);

        await _kafka.DeleteAsync(topic.Name);
        await KafkaFixture.UntilAsync(() => _kafka.CreateAsync(topic).ContinueWith(
            made => made.IsCompletedSuccessfully, TaskScheduler.Default).GetAwaiter().GetResult());
        await _kafka.SendAsync(topic, ["b-1", "b-2", "b-3", "b-4"]);
        await KafkaFixture.UntilAsync(() => KafkaFixture.TroublesOf(host).Any(trouble => trouble.IsLasting));

        Assert.That(KafkaFixture.TroublesOf(host).Single().Sentence, Does.Contain("made anew"));
        Assert.That(_kafka.Offsets.Rows, Is.EqualTo(new[] { "a-1", "a-2" }));
    }

    [Test]
    public async Task Records_that_expired_unread_stop_their_partition_and_the_others_go_on()
    {
        var topic = await TopicAsync("expired.v1", partitions: 2);
        var sent = Numbered(200);
        await _kafka.SendAsync(topic, sent);
        var first = await _kafka.ReadAsync(topic);
        await KeptAsync(sent);
        await first.StopAsync();

        var next = _kafka.Offsets.Stored("reader", topic.Name, 0)!.NextOffset;
        await _kafka.SendAsync(topic, Numbered(200, from: 200));
        await _kafka.ExpireAsync(topic.Name, partition: 0, before: next + 3);
        var second = await _kafka.ReadAsync(topic);
        var (_, end) = await _kafka.Facts.RangeAsync(_kafka.Prefix + topic.Name, 1, CancellationToken.None);
        await KafkaFixture.UntilAsync(() => _kafka.Offsets.Stored("reader", topic.Name, 1)!.NextOffset == end);
        await KafkaFixture.UntilAsync(() => KafkaFixture.TroublesOf(second).Any(trouble => trouble.IsLasting));

        Assert.That(
            KafkaFixture.TroublesOf(second).Single().Sentence,
            Does.Contain($"expired.v1[0] no longer holds records {next} to {next + 2}"));
        Assert.That(_kafka.Offsets.Stored("reader", topic.Name, 0)!.NextOffset, Is.EqualTo(next));
    }

    [Test]
    public async Task Records_that_expire_under_a_running_reader_stop_it_once_it_gets_there()
    {
        var topic = await TopicAsync("expiring.v1", partitions: 1);
        var sent = Numbered(500);
        await _kafka.SendAsync(topic, sent);
        var release = new TaskCompletionSource();
        var host = await _kafka.ReadAsync(
            topic,
            async (_, token) => await release.Task.WaitAsync(token),
            options => options with { BatchRecordsMax = 10, BatchesAheadMax = 1 });
        await KafkaFixture.UntilAsync(() => _kafka.Offsets.Stored("reader", topic.Name, 0) is not null);

        await _kafka.ExpireAsync(topic.Name, partition: 0, before: 400);
        release.SetResult();
        await KafkaFixture.UntilAsync(() => KafkaFixture.TroublesOf(host).Any(trouble => trouble.IsLasting)
            || _kafka.Offsets.Rows.Count == sent.Length);

        // What had been fetched before may still be handled; what is kept is a beginning of what was sent, and no more.
        var kept = _kafka.Offsets.Rows;
        Assert.That(kept, Is.EqualTo(sent.Take(kept.Count)));
        Assert.That(_kafka.Offsets.Stored("reader", topic.Name, 0)!.NextOffset, Is.EqualTo(kept.Count));
    }

    [Test]
    public async Task What_a_writer_repeats_is_skipped_by_its_position()
    {
        var topic = await TopicAsync("repeated.v1", partitions: 1);
        var source = Guid.NewGuid();
        (StringValue, SourcePosition)[] Events(int from, int count) =>
        [
            .. Enumerable.Range(from, count).Select(number => (
                new StringValue { Value = $"a-{number:D5}" }, new SourcePosition(source, number))),
        ];
        var producer = _kafka.Producers.For(topic);

        await _kafka.ReadAsync(topic);
        foreach (var (from, count) in new[] { (0, 300), (100, 400), (0, 50), (450, 150) })
            (await producer.SendAsync(Events(from, count), CancellationToken.None)).EnsureKept();

        await KeptAsync([.. Enumerable.Range(0, 600).Select(number => $"a-{number:D5}")]);
        Assert.That(_kafka.Offsets.Stored("reader", topic.Name, 0)!.Positions[source], Is.EqualTo(599));
    }

    [Test]
    public async Task A_topic_that_is_not_there_yet_is_read_once_it_is_and_is_not_made_by_the_reader()
    {
        var topic = KafkaFixture.Declare("later.v1", partitions: 1);
        var host = await _kafka.ReadAsync(topic);
        await KafkaFixture.UntilAsync(() => KafkaFixture.TroublesOf(host).Count > 0);

        await _kafka.CreateAsync(topic);
        await _kafka.SendAsync(topic, ["a-1"]);

        await KeptAsync(["a-1"]);
        Assert.That(KafkaFixture.TroublesOf(host), Is.Empty);
    }

    private async Task<Topic<StringValue>> TopicAsync(string name, int partitions)
    {
        var topic = KafkaFixture.Declare(name, partitions);
        await _kafka.CreateAsync(topic);
        return topic;
    }

    private async Task KeptAsync(string[] sent)
    {
        await KafkaFixture.UntilAsync(() => _kafka.Offsets.Rows.Count >= sent.Length);
        Assert.That(_kafka.Offsets.Rows, Is.EquivalentTo(sent), "nothing lost, nothing twice");
        foreach (var key in _kafka.Offsets.Rows.GroupBy(row => row.Split('-')[0]))
            Assert.That(key, Is.Ordered, "in the order of the key");
    }

    private static string[] Numbered(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(number => $"{number % 7}-{number:D6}")];
}
