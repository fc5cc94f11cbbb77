using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Keeping;
using Tributary.Ingestion.Receiving.Parsing;
using Refusal = Tributary.Ingestion.Receiving.Parsing.Refusal;

namespace Tributary.Ingestion.Tests.Receiving;

public sealed class Reading_events
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 15, 0, 5, TimeSpan.Zero);

    [Test]
    public void What_a_browser_sends_is_read_whole()
    {
        var read = Read(Captures.Browser, isBatch: false).Single();

        Assert.Multiple(() =>
        {
            Assert.That(read.Name, Is.EqualTo("Home 😀"));
            Assert.That(read.AnonymousId, Is.EqualTo("b1946ac9-2492-4d23-8d5f-0f1f2a3b4c5d"));
            Assert.That(read.Timestamp.ToDateTimeOffset(), Is.EqualTo(Now - TimeSpan.FromSeconds(1.5)));
            Assert.That(read.Utm.Source, Is.EqualTo("news"), "context.campaign comes before the address");
            Assert.That(read.Utm.Campaign, Is.EqualTo("Summer Sale"));
            Assert.That(read.Utm.Medium, Is.EqualTo("cpc x"));
            Assert.That(
                read.ClickIds.Select(click => (click.Name, click.Value)), Is.EqualTo(new[] { ("fbclid", "F+1") }));
            Assert.That(read.PageUrl, Does.StartWith("https://shop.example/?utm"));
            Assert.That(read.Ip, Is.EqualTo(new byte[] { 203, 0, 113, 7 }));
            Assert.That((read.SessionId, read.SessionStart), Is.EqualTo(("1700000000000", true)));
            Assert.That(read.Library, Is.EqualTo("RudderLabs JavaScript SDK/3.34.1"));
            Assert.That(
                (read.Device.Type, read.Device.Os, read.Device.OsVersion), Is.EqualTo(("mobile", "iOS", "17.5")));
            Assert.That(read.Traits.ToStringUtf8(), Is.EqualTo("""{"plan":"a"}"""));
        });
    }

    [Test]
    public void The_key_is_the_topics()
    {
        var parcel = new Parcel();

        var read = Read(Captures.Batch, isBatch: true, parcel);

        for (var index = 0; index < read.Count; index++)
            Assert.That(Encoding.UTF8.GetString(parcel.Key(index)), Is.EqualTo(Topics.Received.Key(read[index])));
    }

    [TestCase(null, null, null, "15:00:05")]
    [TestCase("14:00:00", "13:59:58", null, "15:00:03", Description = "a clock an hour behind")]
    [TestCase("14:00:00", "13:59:58", "15:00:01", "15:00:01", Description = "corrected by the sender's server")]
    [TestCase("14:00:00", null, "13:59:57", "15:00:02", Description = "Segment's name for it")]
    [TestCase(null, null, "12:00:00", "12:00:00", Description = "told without being sent at a time")]
    [TestCase(null, "12:00:00", null, "12:00:00")]
    public void The_senders_clock_is_corrected(string? sentAt, string? original, string? timestamp, string happened)
    {
        var body = "{\"userId\":\"u\",\"sentAt\":" + Moment(sentAt)
            + ",\"originalTimestamp\":" + Moment(original) + ",\"timestamp\":" + Moment(timestamp) + "}";

        var read = Read(body, isBatch: false).Single();

        Assert.That(
            read.Timestamp.ToDateTimeOffset().ToString("HH:mm:ss", CultureInfo.InvariantCulture), Is.EqualTo(happened));
    }

    [TestCase("0001-01-01T00:00:00Z"), TestCase("2999-01-01T00:00:00Z"), TestCase("yesterday")]
    public void An_absurd_time_is_when_it_was_received(string timestamp) =>
        Assert.That(
            Read($$"""{"userId":"u","timestamp":"{{timestamp}}"}""", isBatch: false).Single().Timestamp,
            Is.EqualTo(Read("""{"userId":"u"}""", isBatch: false).Single().ReceivedAt));

    [Test]
    public void A_message_id_is_made_where_there_is_none_and_shortened_where_it_is_long()
    {
        var made = Read("""{"userId":"u","messageId":" "}""", isBatch: false).Single().MessageId;
        var (first, second) = (Shortened(300), Shortened(301));

        Assert.That(Guid.TryParse(made, out _), Is.True);
        Assert.That(first, Has.Length.EqualTo(64).And.Not.EqualTo(second));

        static string Shortened(int length) =>
            Read($$"""{"userId":"u","messageId":"{{new string('a', length)}}"}""", isBatch: false).Single().MessageId;
    }

    [TestCase(1), TestCase(2), TestCase(3), TestCase(4)]
    public void Any_json_has_the_same_fields_as_its_document_model(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var body = RandomJson.Event(random);

            var read = Read(body, isBatch: false).Single();

            Assert.That(Essence(read), Is.EqualTo(DocumentModel.Essence(JsonDocument.Parse(body).RootElement)), body);
        }
    }

    [TestCase(1), TestCase(2)]
    public void What_was_mutated_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var parcel = new Parcel();
        for (var round = 0; round < 50_000; round++)
        {
            var body = Captures.Mutated(random);
            var isBatch = random.Next(2) == 0;

            if (TryRead(body, isBatch, parcel) is null)
                for (var index = 0; index < parcel.Count; index++) Event.Parser.ParseFrom(parcel.Value(index));
        }
    }

    [Test]
    public void What_is_nested_too_deeply_or_has_too_many_keys_is_refused()
    {
        var deep = $$"""{"userId":"u","properties":{{new string('[', 100)}}{{new string(']', 100)}}}""";
        var keys = string.Join(',', Enumerable.Range(0, 20_000).Select(key => $"\"{key}\":1"));
        var wide = "{\"userId\":\"u\",\"properties\":{" + keys + "}}";
        byte[] broken = [.. "{\"userId\":\""u8, 0xff, .. "\"}"u8];

        Assert.That(TryRead(Encoding.UTF8.GetBytes(deep), isBatch: false, new Parcel()), Is.SameAs(Refusal.TooDeep));
        Assert.That(TryRead(Encoding.UTF8.GetBytes(wide), isBatch: false, new Parcel()), Is.SameAs(Refusal.TooDeep));
        Assert.That(TryRead(broken, isBatch: false, new Parcel()), Is.SameAs(Refusal.NotUtf8));
    }

    [Test]
    public void Reading_and_writing_a_batch_allocates_nothing()
    {
        var body = Encoding.UTF8.GetBytes(Captures.Batch);
        var (found, arrival, parcel) = (new ScannedRequest(), Arrival(), new Parcel());
        var writer = new EventWriter(new DeviceCache());
        for (var round = 0; round < 50; round++) Once();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++) Once();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Once()
        {
            parcel.Clear();
            _ = EventScanner.Scan(body, isBatch: true, found) ?? writer.Write(body, found, arrival, parcel, out _);
        }
    }

    private static (string, string, string, string, string, string, string, string) Essence(Event read) => (
        read.UserId, read.AnonymousId, read.Event_, read.Channel, read.Locale,
        read.Properties.ToStringUtf8(), read.Context.ToStringUtf8(), read.PageUrl);

    private static IReadOnlyList<Event> Read(string body, bool isBatch, Parcel? parcel = null)
    {
        parcel ??= new Parcel();
        Assert.That(TryRead(Encoding.UTF8.GetBytes(body), isBatch, parcel), Is.Null, body);
        return [.. Enumerable.Range(0, parcel.Count).Select(index => Event.Parser.ParseFrom(parcel.Value(index)))];
    }

    private static Refusal? TryRead(byte[] body, bool isBatch, Parcel parcel)
    {
        parcel.Clear();
        var found = new ScannedRequest();
        return EventScanner.Scan(body, isBatch, found)
            ?? new EventWriter(new DeviceCache()).Write(body, found, Arrival(), parcel, out _);
    }

    private static Arrival Arrival() => new()
    {
        Organisation = RunningEdge.Organisation,
        Source = RunningEdge.Source,
        App = Guid.NewGuid(),
        ReceivedAt = Now.UtcTicks,
        Type = null,
    };

    private static string Moment(string? time) => time is null ? "null" : $"\"2026-11-21T{time}.000Z\"";
}
