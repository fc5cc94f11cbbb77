using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Hosting;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Reading_from_Kafka
{
    [Test]
    public async Task What_was_sent_is_handled_once_and_in_the_order_of_its_key()
    {
        await using var kafka = KafkaFixture.Shared();
        var topic = KafkaFixture.Declare("sent.v1", partitions: 3);
        await kafka.CreateAsync(topic);
        string[] sent = [.. Enumerable.Range(0, 5_000).Select(number => $"{number % 7}-{number:D5}")];

        await kafka.SendAsync(topic, sent);
        var host = kafka.Host(builder => builder.AddReader<StringValue, Recording>("tests", "reader", topic, null));
        await host.StartAsync();

        await Eventually.Holds(() => kafka.Offsets.Rows.Count >= sent.Length);
        Assert.That(kafka.Offsets.Rows, Is.EquivalentTo(sent));
        Assert.That(kafka.Offsets.Rows.GroupBy(row => row[0]).All(key => key.SequenceEqual(key.Order())), "in order");
    }
}
