using Confluent.Kafka;
using Tributary.Streaming.Reading;

namespace Tributary.Streaming.Tests;

public class Telling_the_time_of_a_record
{
    [TestCase(1_700_000_000_000)]
    [TestCase(-62_135_596_800_000)]
    [TestCase(253_402_300_799_999)]
    public void A_time_that_the_calendar_has_is_told_as_it_is(long milliseconds) =>
        Assert.That(TimeOf(milliseconds).ToUnixTimeMilliseconds(), Is.EqualTo(milliseconds));

    [TestCase(long.MinValue, -62_135_596_800_000)]
    [TestCase(-100_000_000_000_000_000, -62_135_596_800_000)]
    [TestCase(long.MaxValue, 253_402_300_799_999)]
    public void An_absurd_one_is_the_calendars_first_or_last_and_ends_no_reader(long milliseconds, long told) =>
        Assert.That(TimeOf(milliseconds).ToUnixTimeMilliseconds(), Is.EqualTo(told));

    private static DateTimeOffset TimeOf(long milliseconds) => KafkaLog.RecordOf(new()
    {
        TopicPartitionOffset = new("any.v1", 0, 0),
        Message = new() { Timestamp = new(milliseconds, TimestampType.CreateTime) },
    }).Time;
}
