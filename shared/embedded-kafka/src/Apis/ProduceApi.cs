using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

using PartitionResponse = ProduceResponse.PartitionProduceResponse;

/// <summary>Produce: each partition's batch is appended, and acknowledged when the policy holds for it.</summary>
internal sealed class ProduceApi(TopicCatalogue topics, BrokerOptions options)
{
    private const int FirstVersionWithZstd = 7;

    public ValueTask<IElement?> ProduceAsync(ProduceRequest request, RequestContext context)
    {
        var response = new ProduceResponse();
        List<(PartitionLog Log, PartitionResponse Answer)>? unflushed = null;
        foreach (var topicRequest in request.TopicData)
        {
            var topic = topics.Find(topicRequest.Name);
            var answers = new ProduceResponse.TopicProduceResponse { Name = topicRequest.Name };
            foreach (var partition in topicRequest.PartitionData)
            {
                var log = topic?.Partition(partition.Index);
                var answer = Append(log, partition, request, context.Version);
                answers.PartitionResponses.Add(answer);
                if (options.Fsync == Fsync.Always && log is not null && answer.ErrorCode == ErrorCode.None)
                    (unflushed ??= []).Add((log, answer));
            }

            response.Responses.Add(answers);
        }

        if (request.Acks == 0) return EndUnacknowledged(response);
        return unflushed is null ? ValueTask.FromResult<IElement?>(response) : WhenOnDiskAsync(response, unflushed);
    }

    private static PartitionResponse Append(
        PartitionLog? log, ProduceRequest.PartitionProduceData partition, ProduceRequest request, short version)
    {
        var appended = log is null
            ? Appended.Refused(ErrorCode.UnknownTopicOrPartition, "there is no such topic or partition")
            : Refuse(partition.Records.Memory.Span, request.Acks, version) ?? log.Append(partition.Records.Memory);
        return new PartitionResponse
        {
            Index = partition.Index,
            ErrorCode = appended.Error,
            BaseOffset = appended.BaseOffset,
            LogAppendTimeMs = appended.AppendTime,
            LogStartOffset = log is not null && appended.Error == ErrorCode.None ? log.StartOffset : -1,
            ErrorMessage = appended.Reason,
        };
    }

    private static Appended? Refuse(ReadOnlySpan<byte> records, short acks, short version)
    {
        if (acks is < -1 or > 1)
            return Appended.Refused(ErrorCode.InvalidRequiredAcks, $"acks of {acks} are not 0, 1 or -1");
        var tooEarly = version < FirstVersionWithZstd && records.Length >= Batch.HeaderBytes
            && new Batch(records).Compression == Compression.Zstd;
        return tooEarly
            ? Appended.Refused(ErrorCode.UnsupportedCompressionType, "zstd came with a later version of this API")
            : null;
    }

    /// <summary>A client that wants no answer learns of an error by the end of its connection.</summary>
    private static ValueTask<IElement?> EndUnacknowledged(ProduceResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode != ErrorCode.None)
                    throw new UnsupportedException($"an unacknowledged batch was refused: {partition.ErrorMessage}");
            }
        }

        return ValueTask.FromResult<IElement?>(null);
    }

    private static async ValueTask<IElement?> WhenOnDiskAsync(
        ProduceResponse response, List<(PartitionLog Log, PartitionResponse Answer)> unflushed)
    {
        await Task.WhenAll(unflushed.Select(async item =>
        {
            if (await item.Log.WhenOnDiskAsync(item.Answer.BaseOffset)) return;
            item.Answer.ErrorCode = ErrorCode.StorageError;
            item.Answer.BaseOffset = -1;
            item.Answer.ErrorMessage = "the batch could not be brought to the disk";
        }));
        return response;
    }
}
