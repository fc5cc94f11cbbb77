using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>
/// Real requests of librdkafka, recorded on their way and then mutated: the parser reads each or says that it is
/// malformed, and nothing else ever happens; some are sent to a running broker, which must answer others all the same.
/// </summary>
internal static class Fuzz
{
    private const int SentEvery = 500;

    public static async Task<bool> RunAsync(int count, int seed, TextWriter output)
    {
        var (port, advertised) = (Subject.FreePort(), Subject.FreePort());
        var folder = Directory.CreateTempSubdirectory("broker-fuzz-").FullName;
        var broker = Broker.Start(
            new BrokerOptions
            {
                DataFolder = folder,
                Listen = new IPEndPoint(IPAddress.Loopback, port),
                AdvertisedPort = advertised,
                PartitionsMax = 200,
            },
            TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            var frames = await RecordAsync(broker.Address, advertised);
            var chance = new Random(seed);
            var (read, malformed) = (0, 0);
            var started = TimeProvider.System.GetTimestamp();
            for (var turn = 0; turn < count; turn++)
            {
                var frame = Mutate(frames[chance.Next(frames.Count)], chance);
                if (Parse(frame)) read++;
                else malformed++;
                if (turn % SentEvery == 0) await SendAsync(broker.Address, frame);
            }

            var lives = await Subject.AnswersAsync(broker.Address.Port);
            await output.WriteLineAsync(
                $"{count} inputs from {frames.Count} recorded requests: {read} read, {malformed} malformed, "
                + $"{count / SentEvery + 1} sent to a broker that answers {(lives ? "still" : "NO MORE")}; "
                + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
            return lives;
        }
        finally
        {
            await broker.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether a frame was read; anything but that and a malformed one is thrown on.</summary>
    private static bool Parse(byte[] frame)
    {
        try
        {
            var reader = new WireReader().Begin(frame);
            var key = reader.Int16();
            var version = reader.Int16();
            reader.Int32();
            reader.NullableString(flexible: false);
            var api = OfferedApis.All.FirstOrDefault(api => (short)api.Key == key && key >= 0);
            if (api == default || version < api.First || version > api.Last) return false;
            if (version >= api.Flexible) reader.SkipTags();
            Requests.Read(api.Key, reader, version);
            return true;
        }
        catch (MalformedException)
        {
            return false;
        }
    }

    private static byte[] Mutate(byte[] frame, Random chance)
    {
        var mutated = frame.ToArray();
        for (var times = chance.Next(1, 6); times > 0 && mutated.Length > 0; times--)
        {
            var at = chance.Next(mutated.Length);
            switch (chance.Next(5))
            {
                case 0: mutated[at] = (byte)chance.Next(256); break;
                case 1: mutated[at] ^= (byte)(1 << chance.Next(8)); break;
                case 2: mutated = mutated[..at]; break;
                case 3: mutated = [.. mutated[..at], .. mutated[chance.Next(at + 1)..]]; break;
                case 4:
                    for (var end = Math.Min(mutated.Length, at + 4); at < end; at++) mutated[at] = byte.MaxValue;
                    break;
                default: throw new UnreachableException();
            }
        }

        return mutated;
    }

    private static async Task SendAsync(IPEndPoint address, byte[] frame)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        using var writer = new WireWriter();
        writer.Int32(frame.Length);
        writer.Raw(frame);
        await socket.SendAsync(writer.Written);
    }

    private static async Task<List<byte[]>> RecordAsync(IPEndPoint broker, int advertised)
    {
        var frames = new List<byte[]>();
        using var recorder = new Recorder(broker, advertised, frames);
        var address = recorder.Address.ToString();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build())
        {
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = "seen", NumPartitions = 3, ReplicationFactor = 1 }]);
            await admin.DescribeClusterAsync();
            await admin.ListConsumerGroupsAsync();
            await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "seen" }]);
        }

        await new Load(address, "seen").ProduceAndConsumeAsync(records: 500);
        frames.AddRange(Requests.Samples());
        return frames;
    }
}
