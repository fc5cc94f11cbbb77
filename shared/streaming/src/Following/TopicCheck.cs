using Confluent.Kafka;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Following;

/// <summary>What became of a topic that is followed.</summary>
internal abstract record TopicSeen
{
    private TopicSeen() { }

    public sealed record Same : TopicSeen;

    public sealed record Different(string How) : TopicSeen;

    public sealed record NotAnswered(string Reason) : TopicSeen;
}

/// <summary>
/// Whether the topic that is followed is still there: librdkafka goes on in silence when it was made anew or when no
/// broker answers. Asked beside the reading, looked at between two records, by one thread.
/// </summary>
internal sealed class TopicCheck(string topic, Guid id, FollowerSurroundings with, CancellationToken stop) : IDisposable
{
    private static readonly TimeSpan AskedEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private Task<TopicSeen>? _asked;
    private long _answeredAt = with.Time.GetTimestamp();

    /// <summary>Null while there is no new answer.</summary>
    /// <exception cref="KafkaException">The topic is gone.</exception>
    public TopicSeen? Look(long[] next)
    {
        if (_asked is null && with.Time.GetElapsedTime(_answeredAt) < AskedEvery) return null;

        _asked ??= AskAsync([.. next]);
        if (!_asked.IsCompleted) return null;

        var asked = _asked;
        (_asked, _answeredAt) = (null, with.Time.GetTimestamp());
        try
        {
            return asked.GetAwaiter().GetResult();
        }
        catch (KafkaException exception) when (exception.Error.Code is not ErrorCode.UnknownTopicOrPart)
        {
            return new TopicSeen.NotAnswered(exception.Error.Reason);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    /// <param name="next">What was read before the question, which the log must still hold.</param>
    private async Task<TopicSeen> AskAsync(long[] next)
    {
        if (await with.Facts.TopicIdAsync(topic, _end.Token) != id) return new TopicSeen.Different("it was made anew");
        var ranges = await Task.WhenAll(next.Select(
            (_, partition) => with.Facts.RangeAsync(topic, partition, _end.Token)));
        return ranges.Where((range, partition) => range.End < next[partition]).Any()
            ? new TopicSeen.Different("it ends before what was read")
            : new TopicSeen.Same();
    }
}
