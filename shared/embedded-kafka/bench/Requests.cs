using System.Diagnostics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>Every request that the broker reads, by its key; and one of each with something in it.</summary>
internal static class Requests
{
    public static IElement Read(ApiKey key, WireReader reader, short version) => key switch
    {
        ApiKey.Produce => ProduceRequest.Read(reader, version),
        ApiKey.Fetch => FetchRequest.Read(reader, version),
        ApiKey.ListOffsets => ListOffsetsRequest.Read(reader, version),
        ApiKey.Metadata => MetadataRequest.Read(reader, version),
        ApiKey.OffsetCommit => OffsetCommitRequest.Read(reader, version),
        ApiKey.OffsetFetch => OffsetFetchRequest.Read(reader, version),
        ApiKey.FindCoordinator => FindCoordinatorRequest.Read(reader, version),
        ApiKey.JoinGroup => JoinGroupRequest.Read(reader, version),
        ApiKey.Heartbeat => HeartbeatRequest.Read(reader, version),
        ApiKey.LeaveGroup => LeaveGroupRequest.Read(reader, version),
        ApiKey.SyncGroup => SyncGroupRequest.Read(reader, version),
        ApiKey.DescribeGroups => DescribeGroupsRequest.Read(reader, version),
        ApiKey.ListGroups => ListGroupsRequest.Read(reader, version),
        ApiKey.ApiVersions => ApiVersionsRequest.Read(reader, version),
        ApiKey.CreateTopics => CreateTopicsRequest.Read(reader, version),
        ApiKey.DeleteTopics => DeleteTopicsRequest.Read(reader, version),
        ApiKey.DeleteRecords => DeleteRecordsRequest.Read(reader, version),
        ApiKey.InitProducerId => InitProducerIdRequest.Read(reader, version),
        ApiKey.OffsetForLeaderEpoch => OffsetForLeaderEpochRequest.Read(reader, version),
        ApiKey.DescribeConfigs => DescribeConfigsRequest.Read(reader, version),
        ApiKey.AlterConfigs => AlterConfigsRequest.Read(reader, version),
        ApiKey.DescribeLogDirs => DescribeLogDirsRequest.Read(reader, version),
        ApiKey.CreatePartitions => CreatePartitionsRequest.Read(reader, version),
        ApiKey.DeleteGroups => DeleteGroupsRequest.Read(reader, version),
        ApiKey.IncrementalAlterConfigs => IncrementalAlterConfigsRequest.Read(reader, version),
        ApiKey.OffsetDelete => OffsetDeleteRequest.Read(reader, version),
        ApiKey.DescribeCluster => DescribeClusterRequest.Read(reader, version),
        ApiKey.DescribeTopicPartitions => DescribeTopicPartitionsRequest.Read(reader, version),
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// Each API in each version that is offered, made from bytes of chance that happen to be readable.
    /// </summary>
    public static IEnumerable<byte[]> Samples()
    {
        var chance = new Random(7);
        foreach (var api in OfferedApis.All)
        {
            for (var version = api.First; version <= api.Last; version++) yield return Sample(api, version, chance);
        }
    }

    private static byte[] Sample(Api api, short version, Random chance)
    {
        var body = new byte[200];
        for (var turn = 0; turn < 2_000; turn++)
        {
            // Small numbers, mostly: lengths that fit are what makes bytes readable.
            for (var index = 0; index < body.Length; index++) body[index] =
                (byte)(chance.Next(4) == 0 ? chance.Next(4) : 0);
            var reader = new WireReader().Begin(body);
            try
            {
                if (version >= api.Flexible) reader.SkipTags();
                Read(api.Key, reader, version);
                if (body.Length - reader.Left > 12) break;
            }
            catch (MalformedException)
            {
                // The next bytes.
            }
        }

        using var writer = new WireWriter();
        writer.Int16((short)api.Key);
        writer.Int16(version);
        writer.Int32(1);
        writer.String("fuzz", flexible: false);
        writer.Raw(body);
        return writer.Written.ToArray();
    }
}
