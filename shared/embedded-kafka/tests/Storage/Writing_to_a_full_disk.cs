using Tributary.EmbeddedKafka.Server;
using Tributary.EmbeddedKafka.Tests.Wire;
using Tributary.EmbeddedKafka.Wire;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests.Storage;

/// <summary>A broker whose files may not grow beyond a size, which is what a full disk is to it.</summary>
public sealed class Writing_to_a_full_disk
{
    [Test]
    public async Task Appends_are_refused_with_the_storage_error_and_what_is_there_stays()
    {
        using var folder = new TemporaryFolder("full-disk");
        var port = FreePort.Next();
        await using var part = new Part(new PartCommand
        {
            Name = "full",
            CommandLine =
            [
                // The signal is ignored, so that the write itself fails, as on a disk without room.
                "sh", "-c", $"trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"", ToolPath.Require("dotnet"), "exec",
                typeof(Arguments).Assembly.Location, "--data", folder.At("data"), "--listen", $"127.0.0.1:{port}",
            ],
            LogFile = folder.At("log"),
            IsReady = Probe.Port(port),
            Environment = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" },
        });
        await part.StartAsync(CancellationToken.None);
        await using var client = await WireClient.ConnectAsync($"127.0.0.1:{port}");
        await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
            ApiKey.CreateTopics, 7,
                new() { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] });

        var outcomes = new List<short>();
        for (var turn = 0; turn < 8; turn++) outcomes.Add(await ProduceAsync(client, 900_000));
        var small = await ProduceAsync(client, 10);

        Assert.Multiple(() =>
        {
            Assert.That(outcomes[0], Is.EqualTo(ErrorCode.None));
            Assert.That(outcomes[^1], Is.EqualTo(ErrorCode.StorageError));
            Assert.That(small, Is.EqualTo(ErrorCode.None), "what still fits is taken");
            Assert.That(part.State, Is.EqualTo(PartState.Running));
        });
    }

    private static async Task<short> ProduceAsync(WireClient client, int bytes)
    {
        var batch = TestBatch.Of([(null, new string('x', bytes))]);
        var answer = await client.AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, new()
        {
            Acks = -1,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = 0, Records = new Records(batch) }] }],
        });
        return answer.Responses[0].PartitionResponses[0].ErrorCode;
    }
}
