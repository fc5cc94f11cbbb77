using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Tributary.Contracts;
using Tributary.Streaming.Topics;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Creating_topics_in_Kafka
{
    private KafkaFixture _kafka = null!;

    [OneTimeSetUp]
    public void Connect() => _kafka = KafkaFixture.Shared();

    [OneTimeTearDown]
    public async Task DisconnectAsync()
    {
        if (_kafka is not null) await _kafka.DisposeAsync();
    }

    [Test]
    public async Task Topics_are_made_as_declared_and_a_second_start_finds_them_so()
    {
        var topic = KafkaFixture.Declare("made.v1", partitions: 12);

        await _kafka.CreateAsync(topic);
        await _kafka.CreateAsync(topic);

        var settings = await SettingsAsync("made.v1");
        Assert.That(settings["retention.ms"], Is.EqualTo("86400000"));
        Assert.That(settings["cleanup.policy"], Is.EqualTo("delete"));
        Assert.That(settings["max.message.bytes"], Is.EqualTo($"{1 << 20}"));
        Assert.That((await SettingsAsync("dead.tests"))["retention.ms"], Is.EqualTo("2592000000"));
        Assert.That(await SettingsAsync("retry.tests"), Is.Not.Empty);
    }

    [Test]
    public async Task Other_partitions_than_declared_refuse_the_start()
    {
        await _kafka.CreateAsync(KafkaFixture.Declare("split.v1", partitions: 1));

        Assert.That(
            () => _kafka.CreateAsync(KafkaFixture.Declare("split.v1", partitions: 12)),
            Throws.TypeOf<TopicDiffersException>().With.Message.Contains("split.v1: partitions must be 12 and is 1"));
    }

    [Test]
    public async Task Another_retention_than_declared_refuses_the_start_and_is_left_as_it_is()
    {
        var topic = KafkaFixture.Declare("kept.v1", partitions: 1);
        await _kafka.CreateAsync(topic);
        Topic longer = topic with { Kept = new Retention.DeletedAfter(TimeSpan.FromDays(7)) };

        Assert.That(
            () => _kafka.CreateAsync(longer),
            Throws.TypeOf<TopicDiffersException>()
                .With.Message.Contains("retention.ms must be 604800000 and is 86400000"));
        Assert.That((await SettingsAsync("kept.v1"))["retention.ms"], Is.EqualTo("86400000"));
    }

    [Test]
    public async Task Where_Kafka_does_not_answer_the_start_ends_with_a_sentence()
    {
        await using var nobody = new KafkaFixture("127.0.0.1:9");
        var host = nobody.Host(
            builder => builder.AddTopics("tests", [KafkaFixture.Declare("made.v1", partitions: 1)]),
            ("StartWaitMax", "00:00:01"));

        Assert.That(
            () => host.StartAsync(),
            Throws.TypeOf<TimeoutException>().With.Message.Contains("127.0.0.1:9"));
    }

    private async Task<Dictionary<string, string>> SettingsAsync(string topic)
    {
        var described = await _kafka.Facts.Admin.DescribeConfigsAsync(
            [new ConfigResource { Type = ResourceType.Topic, Name = _kafka.Prefix + topic }]);
        return described.Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }
}
