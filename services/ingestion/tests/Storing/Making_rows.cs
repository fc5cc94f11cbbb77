using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.ClickHouse.Columns;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Storing;
using Tributary.Streaming;

namespace Tributary.Ingestion.Tests.Storing;

/// <summary>From an event's bytes to ClickHouse's columns.</summary>
public sealed class Making_rows
{
    private static readonly DateTimeOffset RecordTime = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Test]
    public void Each_field_is_in_its_column()
    {
        var rows = RowsOf(Whole());

        Assert.That(
            Text(rows, "event", "person", "message_id", "type", "user_id", "anonymous_id", "session_id", "channel"),
            Is.EqualTo("order_completed|u1|m1|track|u1|a1|s1|web"));
        Assert.That(Text(rows, "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
            Is.EqualTo("google|cpc|spring|shoes|red"));
        Assert.That(Text(rows, "country", "region", "city", "device", "os", "browser", "bot", "session_start"),
            Is.EqualTo("DE|BE|Berlin|mobile|iOS|Safari|True|True"));
        Assert.That(Text(rows, "revenue", "currency", "properties", "context", "traits"),
            Is.EqualTo("12.5000|EUR|{\"revenue\":12.5,\"currency\":\"EUR\"}|{\"c\":1}|{\"t\":1}"));
        Assert.That(Text(rows, "organisation", "source", "app"),
            Is.EqualTo($"{Sample.Organisation}|{Sample.Source}|{Sample.App}"));
        Assert.That(rows.Block["click_ids"].Value(0), Is.EqualTo(new Dictionary<string, string> { ["gclid"] = "x" }));
        Assert.That(rows.Block["at"].Value(0), Is.EqualTo(new DateTime(2026, 5, 6, 1, 2, 3, DateTimeKind.Utc)));
    }

    [TestCase(1_000, ExpectedResult = 1_778_000_000_000, TestName = "A time before 2000 falls back to the receipt")]
    [TestCase(253_000_000_000_000, ExpectedResult = 1_778_000_000_000, TestName = "So does one of the year 9987")]
    [TestCase(1_778_200_000_000, ExpectedResult = 1_778_000_000_000, TestName = "So does one two days later than it")]
    [TestCase(1_000_000_000_000, ExpectedResult = 1_000_000_000_000, TestName = "One of years ago is kept")]
    [TestCase(1_778_050_000_000, ExpectedResult = 1_778_050_000_000, TestName = "One of some hours later is kept")]
    public long An_absurd_time(long timestamp) => EventTime.At(timestamp, receivedAt: 1_778_000_000_000);

    [TestCase("""{"revenue":"12.50"}""", ExpectedResult = 125_000)]
    [TestCase("""{"value":3}""", ExpectedResult = 30_000)]
    [TestCase("""{"value":3,"revenue":-4.00009}""", ExpectedResult = -40_001)]
    [TestCase("""{"order":{"revenue":5}}""", ExpectedResult = 0)]
    [TestCase("""{"revenue":1e400}""", ExpectedResult = 0)]
    [TestCase("""{"revenue":99999999999999999}""", ExpectedResult = 0)]
    [TestCase("""{"revenue":null,"value":true}""", ExpectedResult = 0)]
    [TestCase("""{"revenue":7""", ExpectedResult = 0)]
    [TestCase("""["revenue"]""", ExpectedResult = 0)]
    [TestCase("", ExpectedResult = 0)]
    public long Money_of(string properties) => EventMoney.Of(System.Text.Encoding.UTF8.GetBytes(properties)).Revenue;

    [Test]
    public void What_no_row_can_be_made_of_leaves_none([Values] bool isCut)
    {
        var rows = RowsOf(Whole());
        var wrong = Whole();
        wrong.Source = ByteString.CopyFrom(1, 2, 3);
        var bytes = isCut ? Whole().ToByteArray()[..^1] : wrong.ToByteArray();

        Assert.That(() => rows.Add(bytes, RecordOf(bytes)), Throws.TypeOf<FormatException>());

        Assert.That(rows.Block.Names.Select(name => rows.Block[name].Count), Is.All.EqualTo(1));
    }

    [Test]
    public void Changed_bytes_make_a_whole_row_or_none([Range(1, 10)] int seed)
    {
        var chance = new Random(seed);
        var rows = new EventRows();
        for (var n = 0; n < 500; n++)
        {
            var bytes = Whole().ToByteArray();
            for (var change = 0; change < 3; change++) bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            try
            {
                rows.Add(bytes, RecordOf(bytes));
            }
            catch (FormatException)
            {
            }
        }

        Assert.That(rows.Block.Names.Select(name => rows.Block[name].Count), Is.All.EqualTo(rows.Block.RowCount));
    }

    [Test]
    public void A_row_like_those_before_it_allocates_nothing()
    {
        var (rows, bytes) = (new EventRows(), Whole().ToByteArray());
        var record = RecordOf(bytes);
        for (var n = 0; n < 5_000; n++) rows.Add(bytes, record);
        rows.Clear();
        rows.Add(bytes, record);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1_000; n++) rows.Add(bytes, record);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Reasons_are_told_in_lower_case() => Assert.That(
        new[] { RejectionReason.InvalidJson, RejectionReason.TooLarge, RejectionReason.Schema }.Select(ReasonText.Of),
        Is.EqualTo(["invalid_json", "too_large", "schema"]));

    private static EventRows RowsOf(Event sent)
    {
        var rows = new EventRows();
        var bytes = sent.ToByteArray();
        rows.Add(bytes, RecordOf(bytes));
        return rows;
    }

    private static Record RecordOf(byte[] value) => new(0, 0, RecordTime, null, value, []);

    private static string Text(EventRows rows, params string[] columns) =>
        string.Join('|', columns.Select(name => rows.Block[name].Value(0)));

    private static Event Whole()
    {
        var sent = Pipeline.EventOf("m1", person: "a1", name: "order_completed");
        sent.UserId = "u1";
        sent.SessionId = "s1";
        sent.SessionStart = true;
        sent.Channel = "web";
        sent.Timestamp = Timestamp.FromDateTime(new DateTime(2026, 5, 6, 1, 2, 3, DateTimeKind.Utc));
        sent.ReceivedAt = Timestamp.FromDateTime(new DateTime(2026, 5, 6, 2, 2, 3, DateTimeKind.Utc));
        sent.Utm = new() { Source = "google", Medium = "cpc", Campaign = "spring", Term = "shoes", Content = "red" };
        sent.ClickIds.Add(new ClickId { Name = "gclid", Value = "x" });
        sent.Device = new() { Type = "mobile", Os = "iOS", Browser = "Safari", Bot = true };
        sent.Place = new() { Country = "DE", Region = "BE", City = "Berlin" };
        sent.Properties = ByteString.CopyFromUtf8("""{"revenue":12.5,"currency":"EUR"}""");
        sent.Context = ByteString.CopyFromUtf8("""{"c":1}""");
        sent.Traits = ByteString.CopyFromUtf8("""{"t":1}""");
        return sent;
    }
}
