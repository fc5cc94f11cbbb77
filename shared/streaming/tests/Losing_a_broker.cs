using Tributary.Streaming.Writing;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Losing_a_broker
{
    [Test]
    [CancelAfter(180_000)]
    public async Task A_broker_that_is_killed_and_comes_back_loses_nothing_that_was_acknowledged_and_doubles_nothing(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder("streaming");
        var broker = await ApacheKafka.PrepareAsync(RealService.Address("KAFKA_HOME"), folder, cancellationToken);
        await using var part = new Part(broker.Command);
        await part.StartAsync(cancellationToken);
        await using var kafka = new KafkaFixture(broker.Bootstrap);
        var topic = KafkaFixture.Declare("survivor.v1", partitions: 3);
        await kafka.CreateAsync(topic);
        await kafka.ReadAsync(topic);
        var isOver = false;
        List<string> acknowledged = [], unknown = [];
        var sending = Task.Run(
            async () =>
            {
                for (var number = 0; !Volatile.Read(ref isOver); number++)
                {
                    string[] values = [.. Enumerable.Range(0, 20).Select(one => $"{one % 7}-{(number * 20) + one:D7}")];
                    var deliveries = await kafka.Producers.For(topic).SendAsync(
                        [.. values.Select(value => new Google.Protobuf.WellKnownTypes.StringValue { Value = value })],
                        cancellationToken);
                    for (var index = 0; index < values.Length; index++)
                    {
                        if (deliveries.Each[index] is Delivery.Kept) acknowledged.Add(values[index]);
                        if (deliveries.Each[index] is Delivery.Unknown) unknown.Add(values[index]);
                    }
                }
            },
            cancellationToken);

        await KafkaFixture.UntilAsync(() => kafka.Offsets.Rows.Count > 500);
        await part.KillAsync();
        await part.StartAsync(cancellationToken);
        var rowsAtReturn = kafka.Offsets.Rows.Count;
        await KafkaFixture.UntilAsync(() => kafka.Offsets.Rows.Count > rowsAtReturn + 500);
        Volatile.Write(ref isOver, true);
        await sending;
        await KafkaFixture.UntilAsync(() => acknowledged.All(new HashSet<string>(kafka.Offsets.Rows).Contains));

        Assert.That(kafka.Offsets.Rows, Is.Unique);
        Assert.That(kafka.Offsets.Rows, Is.SubsetOf(acknowledged.Concat(unknown)));
        foreach (var key in kafka.Offsets.Rows.GroupBy(row => row[0])) Assert.That(key, Is.Ordered);
    }
}
