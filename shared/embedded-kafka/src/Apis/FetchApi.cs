using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>
/// Fetch: what is there is answered at once, what is not is waited for without polling. Sessions are refused as Kafka
/// refuses them when its cache is full: the answer names session 0, and the client goes on with full requests.
/// </summary>
internal sealed class FetchApi(TopicCatalogue topics, TimeProvider time)
{
    private const short FirstVersionWithTopicIds = 13;
    private const int FinalEpoch = -1;

    public ValueTask<IElement?> FetchAsync(FetchRequest request, RequestContext context)
    {
        if (request.SessionId != 0 && request.SessionEpoch > 0)
            return ValueTask.FromResult<IElement?>(new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound });

        var fetch = new Fetch(Resolve(request, context.Version), request);
        var response = fetch.Collect();
        if (fetch.IsEnough) return ValueTask.FromResult<IElement?>(response);
        return WaitAsync(fetch, context.Cancelled);
    }

    private async ValueTask<IElement?> WaitAsync(Fetch fetch, CancellationToken cancellationToken)
    {
        fetch.Release();
        var startedAt = time.GetTimestamp();
        var patience = TimeSpan.FromMilliseconds(fetch.Request.MaxWaitMs);
        while (true)
        {
            var wait = new FetchWait(Math.Max(1, fetch.Request.MinBytes - fetch.Bytes));
            fetch.Watch(wait);
            try
            {
                // What came between the look and the watch is seen by looking again.
                var response = fetch.Collect();
                var left = patience - time.GetElapsedTime(startedAt);
                if (fetch.IsEnough || left <= TimeSpan.Zero) return response;
                fetch.Release();
                await WaitAsync(wait.Enough, left, cancellationToken);
            }
            finally
            {
                fetch.Unwatch(wait);
            }
        }
    }

    private async Task WaitAsync(Task enough, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            await enough.WaitAsync(left, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The last look follows.
        }
    }

    private List<(FetchRequest.FetchTopic Asked, Topic? Topic, short Error)> Resolve(
        FetchRequest request, short version)
    {
        var resolved = new List<(FetchRequest.FetchTopic, Topic?, short)>(request.Topics.Count);
        foreach (var asked in request.Topics)
        {
            resolved.Add(version >= FirstVersionWithTopicIds
                ? (asked, topics.Find(asked.TopicId), ErrorCode.UnknownTopicId)
                : (asked, topics.Find(asked.Topic), ErrorCode.UnknownTopicOrPartition));
        }

        return resolved;
    }

    /// <summary>One fetch request on its way to an answer.</summary>
    private sealed class Fetch(
        List<(FetchRequest.FetchTopic Asked, Topic? Topic, short Error)> asked, FetchRequest request)
    {
        private readonly List<Records> held = [];
        private bool failed;

        public FetchRequest Request => request;
        public long Bytes { get; private set; }

        public bool IsEnough =>
            failed || Bytes >= request.MinBytes || request.MaxWaitMs <= 0 || asked.Count == 0
            || request.SessionEpoch == FinalEpoch && request.SessionId != 0;

        public FetchResponse Collect()
        {
            var response = new FetchResponse();
            (Bytes, failed) = (0, false);
            foreach (var (topicAsked, topic, error) in asked)
            {
                var answer =
                    new FetchResponse.FetchableTopicResponse { Topic = topicAsked.Topic, TopicId = topicAsked.TopicId };
                foreach (var partition in topicAsked.Partitions)
                {
                    var missing = topic is null ? error : ErrorCode.UnknownTopicOrPartition;
                    answer.Partitions.Add(Read(topic?.Partition(partition.Partition), partition, missing));
                }

                response.Responses.Add(answer);
            }

            return response;
        }

        /// <summary>Gives back what was found, because it is not answered yet.</summary>
        public void Release()
        {
            foreach (var records in held) records.Release();
            held.Clear();
        }

        public void Watch(FetchWait wait)
        {
            foreach (var log in Logs()) log.Add(wait);
        }

        public void Unwatch(FetchWait wait)
        {
            foreach (var log in Logs()) log.Remove(wait);
        }

        private IEnumerable<PartitionLog> Logs()
        {
            foreach (var (topicAsked, topic, _) in asked)
            {
                foreach (var partition in topicAsked.Partitions)
                {
                    if (topic?.Partition(partition.Partition) is { } log) yield return log;
                }
            }
        }

        private FetchResponse.PartitionData Read(
            PartitionLog? log, FetchRequest.FetchPartition partition, short missing)
        {
            var error = log is null ? missing
                : partition.CurrentLeaderEpoch > PartitionLog.LeaderEpoch ? ErrorCode.UnknownLeaderEpoch
                : ErrorCode.None;
            if (error != ErrorCode.None) return Failed(partition, error);

            var left = request.MaxBytes - Bytes;
            var found = log!.Read(
                partition.FetchOffset, (int)Math.Min(partition.PartitionMaxBytes, left), atLeastOne: Bytes == 0);
            if (found.Error != ErrorCode.None) return Failed(partition, found.Error);

            Bytes += found.Records.Length;
            if (found.Records.InFile) held.Add(found.Records);
            var end = log.HighWatermark;
            return new FetchResponse.PartitionData
            {
                PartitionIndex = partition.Partition,
                HighWatermark = end,
                LastStableOffset = end,
                LogStartOffset = log.StartOffset,
                AbortedTransactions = null,
                Records = found.Records,
            };
        }

        private FetchResponse.PartitionData Failed(FetchRequest.FetchPartition partition, short error)
        {
            failed = true;
            return new FetchResponse.PartitionData
            {
                PartitionIndex = partition.Partition,
                ErrorCode = error,
                HighWatermark = -1,
                LastStableOffset = -1,
                LogStartOffset = -1,
                AbortedTransactions = null,
            };
        }
    }
}
