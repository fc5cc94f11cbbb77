using Tributary.Contracts;
using Tributary.Streaming.Topics;

namespace Tributary.Streaming.Tests;

public class Declaring_topics
{
    private static readonly KafkaOptions Options = new() { TopicPrefix = "test." };

    [Test]
    public void A_service_creates_what_it_owns_its_dead_letters_and_its_retries()
    {
        var plans = TopicPlan.Of(
            "attribution", [Declared("credits.v1", "attribution"), Declared("events.v1", "ingestion")], Options);

        Assert.That(
            plans.Select(plan => plan.Name),
            Is.EqualTo(new[] { "test.credits.v1", "test.dead.attribution", "test.retry.attribution" }));
    }

    [Test]
    public void Dead_letters_and_retries_that_are_declared_are_planned_once()
    {
        var plans = TopicPlan.Of("ingestion", Contracts.Topics.All, Options).Select(plan => plan.Name).ToArray();

        Assert.That(plans, Is.Unique.And.SupersetOf(new[] { "test.dead.ingestion", "test.retry.ingestion" }));
    }

    [Test]
    public void A_dead_letter_has_room_for_the_largest_record_and_its_headers()
    {
        var plans = TopicPlan.Of(
            "attribution", [Declared("events.v1", "ingestion") with { MessageBytesMax = 4 << 20 }], Options);

        Assert.That(plans[0].Settings["max.message.bytes"], Is.EqualTo($"{(4 << 20) + (64 << 10)}"));
    }

    [Test]
    public void What_Kafka_has_otherwise_is_told_in_one_sentence_with_topic_key_wanted_and_found()
    {
        var plan = TopicPlan.Of("attribution", [Declared("credits.v1", "attribution")], Options)[0];

        Assert.Multiple(() =>
        {
            Assert.That(plan.Difference(12, plan.Settings), Is.Null);
            Assert.That(plan.Difference(1, plan.Settings), Does.StartWith(
                "topic test.credits.v1: partitions must be 12 and is 1"));
            Assert.That(
                plan.Difference(12, plan.Settings.Append(new("retention.ms", "1")).DistinctBy(pair => pair.Value)
                    .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value)),
                Does.Contain("retention.ms must be 86400000 and is 1"));
        });
    }

    [Test]
    public void A_compacted_topic_is_kept_by_key_and_not_by_age()
    {
        var plan = TopicPlan.Of(
            "bandit", [Declared("arms.v1", "bandit") with { Kept = new Retention.LatestPerKey() }], Options)[0];

        Assert.That(plan.Settings["cleanup.policy"], Is.EqualTo("compact"));
        Assert.That(plan.Settings.ContainsKey("retention.ms"), Is.False);
    }

    [Test]
    public void A_topic_that_allows_less_than_a_batch_on_the_wire_is_refused() => Assert.That(
        () => TopicPlan.Of(
            "attribution", [Declared("credits.v1", "attribution") with { MessageBytesMax = 100_000 }], Options),
        Throws.TypeOf<TopicDiffersException>().With.Message.Contains("MessageBytesMax"));

    private static Topic Declared(string name, string owner) =>
        KafkaFixture.Declare(name, partitions: 12) with { Owner = owner };
}
