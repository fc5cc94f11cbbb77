using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Writing_to_Kafka
{
    private const string Nobody = "127.0.0.1:9";
    private KafkaFixture _kafka = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _kafka = KafkaFixture.Shared();
        await _kafka.CreateAsync(
            KafkaFixture.Declare("hashed.v1", partitions: 97), KafkaFixture.Declare("written.v1", partitions: 1));
    }

    [OneTimeTearDown]
    public async Task DisconnectAsync()
    {
        if (_kafka is not null) await _kafka.DisposeAsync();
    }

    // The vectors of Apache Kafka's own UtilsTest.testMurmur2.
    [TestCase("21", -973932308)]
    [TestCase("foobar", -790332482)]
    [TestCase("a-little-bit-long-string", -985981536)]
    [TestCase("a-little-bit-longer-string", -1486304829)]
    [TestCase("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [TestCase("abc", 479470107)]
    public async Task A_key_is_in_the_partition_where_Java_puts_it(string key, int murmur2)
    {
        var deliveries = await SendAsync(new OutgoingRecord("hashed.v1", Encoding.UTF8.GetBytes(key), [1]));

        var kept = (Delivery.Kept)deliveries.Each.Single();
        Assert.That(kept.Partition, Is.EqualTo((murmur2 & 0x7fffffff) % 97));
    }

    [Test]
    public async Task What_is_too_large_is_refused_for_good_and_the_rest_is_kept()
    {
        var deliveries = await SendAsync(
            Record("a"),
            new OutgoingRecord("written.v1", null, Noise(2 << 20)),
            Record("b"));

        Assert.That(deliveries.Each[0], Is.TypeOf<Delivery.Kept>());
        Assert.That(deliveries.Each[1], Is.TypeOf<Delivery.Refused>().With.Property("Lasting").True);
        Assert.That(deliveries.Each[2], Is.TypeOf<Delivery.Kept>());
        Assert.That(deliveries.EnsureKept, Throws.TypeOf<NotDeliveredException>());
    }

    [Test]
    public async Task Many_small_records_never_make_a_batch_that_a_topic_refuses()
    {
        var deliveries = await SendAsync(
            [.. Enumerable.Range(0, 3_000).Select(_ => new OutgoingRecord("written.v1", null, Noise(1_000)))]);

        Assert.That(deliveries.EnsureKept, Throws.Nothing);
    }

    [Test]
    public async Task A_topic_that_is_not_there_refuses_and_is_not_made()
    {
        using var host = _kafka.Host(_ => { }, ("DeliveryTimeMax", "00:00:03"));

        var deliveries = await host.Services.GetRequiredService<Producers>().Shared.SendAsync(
            [new OutgoingRecord("nowhere.v1", null, [1])], CancellationToken.None);

        Assert.That(deliveries.Each.Single(), Is.TypeOf<Delivery.Refused>());
        Assert.That(
            () => _kafka.Facts.TopicIdAsync(_kafka.Prefix + "nowhere.v1", CancellationToken.None),
            Throws.InstanceOf<KafkaException>());
    }

    [Test]
    public async Task Where_nobody_answers_the_buffer_fills_to_its_bound_and_senders_are_refused_in_time()
    {
        await using var nobody = new KafkaFixture(Nobody);
        using var host = nobody.Host(
            _ => { },
            ("BufferBytesMax", $"{1 << 20}"), ("BufferWaitMax", "00:00:00.300"), ("DeliveryTimeMax", "00:00:02"));
        var producer = host.Services.GetRequiredService<Producers>().Shared;
        var startedAt = Stopwatch.GetTimestamp();

        var sending = producer.SendAsync(
            [.. Enumerable.Range(0, 300).Select(_ => new OutgoingRecord("written.v1", null, Noise(10_000)))],
            CancellationToken.None);
        Assert.That(producer.BufferedBytes, Is.InRange(1 << 19, 1 << 20));
        var deliveries = await sending;

        Assert.That(Stopwatch.GetElapsedTime(startedAt), Is.LessThan(TimeSpan.FromSeconds(15)));
        Assert.That(deliveries.Each, Is.All.InstanceOf<Delivery.Refused>().With.Property("Lasting").False);
        Assert.That(producer.BufferedBytes, Is.Zero);
    }

    [Test]
    public async Task What_a_broken_producer_held_is_answered_and_its_room_is_given_back()
    {
        await using var nobody = new KafkaFixture(Nobody);
        using var host = nobody.Host(_ => { }, ("DeliveryTimeMax", "00:00:02"));
        var producer = host.Services.GetRequiredService<Producers>().Shared;
        var sending = producer.SendAsync([Record("a")], CancellationToken.None).AsTask();

        producer.Broken(producer.Current(), new Error(ErrorCode.Local_Fatal, "lost its place", isFatal: true));
        var next = producer.SendAsync([Record("b")], CancellationToken.None).AsTask();
        await KafkaFixture.UntilAsync(() => sending.IsCompleted && next.IsCompleted);

        Assert.That((await sending).Each.Single(), Is.Not.InstanceOf<Delivery.Kept>());
        Assert.That(producer.BufferedBytes, Is.Zero);
    }

    [Test]
    public async Task A_full_buffer_holds_senders_up_and_loses_nothing()
    {
        using var host = _kafka.Host(_ => { }, ("BufferBytesMax", $"{1 << 20}"));
        var producer = host.Services.GetRequiredService<Producers>().Shared;

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => producer.SendAsync(
            [.. Enumerable.Range(0, 500).Select(_ => new OutgoingRecord("written.v1", null, Noise(5_000)))],
            CancellationToken.None).AsTask()));

        Assert.That(all.SelectMany(deliveries => deliveries.Each), Is.All.InstanceOf<Delivery.Kept>());
        Assert.That(
            all.SelectMany(deliveries => deliveries.Each).Cast<Delivery.Kept>().Distinct().Count(), Is.EqualTo(2_000));
    }

    [Test]
    public async Task A_gapless_producer_ends_with_its_first_failed_delivery()
    {
        using var producer = _kafka.Producers.Gapless("tests");
        (await producer.SendAsync([Record("a")], CancellationToken.None)).EnsureKept();

        Assert.ThrowsAsync<ProducerFailedException>(async () => await producer.SendAsync(
            [new OutgoingRecord("written.v1", null, Noise(2 << 20))], CancellationToken.None));
        Assert.ThrowsAsync<ProducerFailedException>(
            async () => await producer.SendAsync([Record("b")], CancellationToken.None));
        Assert.That(producer.Failure, Is.Not.Null);
    }

    [Test]
    public async Task Who_waits_for_a_gapless_producer_that_ended_is_told_so()
    {
        await using var nobody = new KafkaFixture(Nobody);
        using var host = nobody.Host(_ => { }, ("BufferBytesMax", $"{1 << 20}"));
        using var producer = host.Services.GetRequiredService<Producers>().Gapless("tests");
        using var givenUp = new CancellationTokenSource();
        var first = producer.SendAsync([new("written.v1", null, Noise(900_000))], CancellationToken.None).AsTask();
        var second = producer.SendAsync([new("written.v1", null, Noise(900_000))], givenUp.Token).AsTask();

        await givenUp.CancelAsync();
        await KafkaFixture.UntilAsync(() => first.IsCompleted && second.IsCompleted);

        Assert.ThrowsAsync<ProducerFailedException>(() => first);
        Assert.That(second.IsCanceled);
    }

    [Test]
    public async Task The_trace_of_the_sender_goes_with_the_record()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Tributary.Streaming",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var topic = KafkaFixture.Declare("traced.v1", partitions: 1);
        await _kafka.CreateAsync(topic);
        var read = new TaskCompletionSource<(ActivityTraceId, RecordHeader[])>();

        using var request = new Activity("request").Start();
        await _kafka.SendAsync(topic, ["a-1"]);
        await _kafka.ReadAsync(topic, (batch, _) =>
        {
            read.TrySetResult((Activity.Current!.TraceId, [.. batch.Records[0].Headers]));
            return ValueTask.CompletedTask;
        });
        var (trace, headers) = await read.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(trace, Is.EqualTo(request.TraceId));
        Assert.That(headers.Select(header => header.Name), Does.Contain("traceparent"));
    }

    private ValueTask<Deliveries> SendAsync(params IReadOnlyList<OutgoingRecord> records) =>
        _kafka.Producers.Shared.SendAsync(records, CancellationToken.None);

    private static OutgoingRecord Record(string value) => new("written.v1", null, Encoding.UTF8.GetBytes(value));

    /// <summary>Compression must not make it small.</summary>
    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }
}
