using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Questions about logs: where they begin and end, which offset a time has, how large they are.</summary>
internal sealed class LogApi(TopicCatalogue topics, BrokerOptions options, BrokerFolder folder)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long OfMaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long Nothing = -1;

    public IElement ListOffsets(ListOffsetsRequest request, RequestContext context) => new ListOffsetsResponse
    {
        Topics =
        [
            .. request.Topics.Select(topic => new ListOffsetsResponse.ListOffsetsTopicResponse
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => List(topic.Name, partition, context.Version))],
            }),
        ],
    };

    public IElement OffsetForLeaderEpoch(OffsetForLeaderEpochRequest request, RequestContext context) =>
        new OffsetForLeaderEpochResponse
        {
            Topics =
            [
                .. request.Topics.Select(topic => new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult
                {
                    Topic = topic.Topic,
                    Partitions = [.. topic.Partitions.Select(partition => EndOfEpoch(topic.Topic, partition))],
                }),
            ],
        };

    public async ValueTask<IElement?> DeleteRecordsAsync(DeleteRecordsRequest request, RequestContext context)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var result = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            foreach (var partition in topic.Partitions)
                result.Partitions.Add(
                    await Task.Run(() => Delete(topics.Partition(topic.Name, partition.PartitionIndex), partition)));
            response.Topics.Add(result);
        }

        return response;
    }

    public IElement DescribeLogDirs(DescribeLogDirsRequest request, RequestContext context)
    {
        var drive = new DriveInfo(Path.GetFullPath(options.DataFolder));
        var asked = request.Topics is null
            ? topics.All.Select(topic => (topic, Enumerable.Range(0, topic.Partitions.Length).ToList()))
            : request.Topics.Select(one => (topics.Find(one.Topic)!, one.Partitions))
                .Where(one => one.Item1 is not null);
        return new DescribeLogDirsResponse
        {
            Results =
            [
                new()
                {
                    LogDir = Path.GetFullPath(options.DataFolder),
                    TotalBytes = drive.TotalSize,
                    UsableBytes = drive.AvailableFreeSpace,
                    Topics = [.. asked.Select(one => Sizes(one.Item1, one.Item2))],
                },
            ],
        };
    }

    public IElement InitProducerId(InitProducerIdRequest request, RequestContext context) =>
        request.TransactionalId is null
        ? new InitProducerIdResponse { ProducerId = folder.NextProducerId() }
        : new InitProducerIdResponse { ErrorCode = ErrorCode.InvalidRequest, ProducerEpoch = -1 };

    private ListOffsetsResponse.ListOffsetsPartitionResponse List(
        string topic, ListOffsetsRequest.ListOffsetsPartition asked, short version)
    {
        var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex };
        if (topics.Partition(topic, asked.PartitionIndex) is not { } log)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }

        if (asked.CurrentLeaderEpoch > PartitionLog.LeaderEpoch)
        {
            answer.ErrorCode = ErrorCode.UnknownLeaderEpoch;
            return answer;
        }

        var tooNew = asked.Timestamp < OfMaxTimestamp && version < (asked.Timestamp == LatestTiered ? 9 : 8)
            || asked.Timestamp == OfMaxTimestamp && version < 7 || asked.Timestamp < LatestTiered;
        if (tooNew)
        {
            answer.ErrorCode = ErrorCode.UnsupportedVersion;
            return answer;
        }

        var found = asked.Timestamp switch
        {
            Latest => new TimedOffset(log.HighWatermark, Nothing),
            Earliest or EarliestLocal => new TimedOffset(log.StartOffset, Nothing),
            LatestTiered => null,
            OfMaxTimestamp => TimeLookup.OfMaxTimestamp(log),
            var timestamp => TimeLookup.FirstFrom(log, timestamp),
        };
        if (found is null) return answer;
        (answer.Offset, answer.Timestamp, answer.LeaderEpoch) =
            (found.Offset, found.Timestamp, PartitionLog.LeaderEpoch);
        return answer;
    }

    private OffsetForLeaderEpochResponse.EpochEndOffset EndOfEpoch(
        string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = asked.Partition };
        if (topics.Partition(topic, asked.Partition) is not { } log)
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
        else if (asked.CurrentLeaderEpoch > PartitionLog.LeaderEpoch) answer.ErrorCode = ErrorCode.UnknownLeaderEpoch;
        else if (asked.LeaderEpoch == PartitionLog.LeaderEpoch)
            (answer.LeaderEpoch, answer.EndOffset) = (PartitionLog.LeaderEpoch, log.HighWatermark);
        return answer;
    }

    private static DeleteRecordsResponse.DeleteRecordsPartitionResult Delete(
        PartitionLog? log, DeleteRecordsRequest.DeleteRecordsPartition asked)
    {
        var result = new DeleteRecordsResponse.DeleteRecordsPartitionResult
        {
            PartitionIndex = asked.PartitionIndex,
            LowWatermark = Nothing,
        };
        if (log is null) result.ErrorCode = ErrorCode.UnknownTopicOrPartition;
        else if (!log.Settings.Delete) result.ErrorCode = ErrorCode.PolicyViolation;
        else if (asked.Offset < -1 || asked.Offset > log.HighWatermark) result.ErrorCode = ErrorCode.OffsetOutOfRange;
        else result.LowWatermark = log.DeleteRecordsBefore(asked.Offset == -1 ? log.HighWatermark : asked.Offset);
        return result;
    }

    private static DescribeLogDirsResponse.DescribeLogDirsTopic Sizes(Topic topic, List<int> partitions) => new()
    {
        Name = topic.Name,
        Partitions =
        [
            .. partitions.Where(index => topic.Partition(index) is not null)
                .Select(index => new DescribeLogDirsResponse.DescribeLogDirsPartition
                {
                    PartitionIndex = index,
                    PartitionSize = topic.Partition(index)!.Size,
                }),
        ],
    };
}
