using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tributary.Contracts;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Following;

/// <summary>
/// Reads a whole compacted topic from its beginning and then on, without a group and without an offset: every process
/// that follows has all of it in memory. Whatever happens to Kafka, it goes on by itself and takes nothing back.
/// </summary>
internal sealed partial class TopicFollower<TState>(
    Topic<TState> topic, IFollower<TState> follower, FollowerStatus status, FollowerSurroundings with,
    ILogger<TopicFollower<TState>> logger) : IHostedService, IDisposable
    where TState : IMessage<TState>
{
    private static readonly TimeSpan ShownWithin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _name = with.Clients.Options.NameOf(topic.Name);
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"follows {topic.Name}" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_thread is { } thread) await Task.Run(thread.Join, cancellationToken);
    }

    /// <summary>A host that is disposed without being stopped must not pull Kafka away from under the thread.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread?.Join(EndWithin) is not false) _stop.Dispose();
    }

    private void Run()
    {
        var rest = TimeSpan.FromMilliseconds(100);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var wasAtItsEnd = Follow();
                rest = wasAtItsEnd ? TimeSpan.FromMilliseconds(100) : rest * 2;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is KafkaException or OperationCanceledException)
            {
                Trouble(exception is KafkaException { Error.Reason: var reason } ? reason : "Kafka did not answer");
                rest *= 2;
            }
            _stop.Token.WaitHandle.WaitOne(rest = rest < RestMax ? rest : RestMax);
        }
    }

    /// <summary>From the beginning, until the topic is another one or can't be read on.</summary>
    /// <returns>Whether all of it was read.</returns>
    private bool Follow()
    {
        var id = Answer(with.Facts.TopicIdAsync(_name, _stop.Token));
        using var consumer = with.Clients.Follower();
        var unread = new HashSet<int>(Enumerable.Range(0, topic.Partitions));
        consumer.Assign(unread.Select(partition => new TopicPartitionOffset(
            _name, partition, Answer(with.Facts.RangeAsync(_name, partition, _stop.Token)).Earliest)));

        var (next, learnt, shownAt) = (new long[topic.Partitions], false, with.Time.GetTimestamp());
        using var check = new TopicCheck(_name, id, with, _stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            var read = Poll(consumer, learnt ? TimeSpan.Zero : PollWait);
            if (read is { Message: not null })
            {
                next[read.Partition] = read.Offset.Value + 1;
                learnt |= Learn(read);
            }
            if (learnt && (read?.Message is null || with.Time.GetElapsedTime(shownAt) > ShownWithin))
            {
                follower.Show();
                (learnt, shownAt) = (false, with.Time.GetTimestamp());
            }
            if (read is { IsPartitionEOF: true } && unread.Remove(read.Partition) && unread.Count == 0) ReachedEnd();
            if (!Goes(check.Look(next))) return unread.Count == 0;
        }
        return unread.Count == 0;
    }

    private bool Goes(TopicSeen? seen)
    {
        switch (seen)
        {
            case TopicSeen.Same:
                status.IsWell();
                return true;
            case TopicSeen.NotAnswered { Reason: var reason }:
                Trouble(reason);
                return true;
            case TopicSeen.Different { How: var how }:
                Trouble($"{how}; it is read again from its beginning");
                return false;
            default:
                return true;
        }
    }

    private void ReachedEnd()
    {
        follower.Show();
        status.ReachedEnd();
        ReadToItsEnd(topic.Name);
    }

    private static ConsumeResult<byte[]?, byte[]?>? Poll(IConsumer<byte[]?, byte[]?> consumer, TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException exception) when (IsPassing(exception.Error))
        {
            return null; // It tries again by itself; the check says what does not pass.
        }
    }

    private static bool IsPassing(Error error) => !error.IsFatal && error.Code
        is not (ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
            or ErrorCode.UnknownTopicOrPart or ErrorCode.TopicAuthorizationFailed);

    private bool Learn(ConsumeResult<byte[]?, byte[]?> read)
    {
        if (read.Message.Value is not { } value) return false; // A tombstone: nothing that is known is taken back.
        try
        {
            follower.Learn(topic.Parser.ParseFrom(value));
            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException)
        {
            RecordUnreadable(exception, topic.Name, read.Offset.Value);
            status.Skipped(read.Offset.Value);
            return false;
        }
    }

    private void Trouble(string reason)
    {
        status.Met($"{topic.Name} can't be read: {reason}.");
        CannotFollow(topic.Name, reason);
    }

    private T Answer<T>(Task<T> asked) => asked.WaitAsync(_stop.Token).GetAwaiter().GetResult();

    [LoggerMessage(LogLevel.Information, "Read {Topic} to its end, and follows it")]
    private partial void ReadToItsEnd(string topic);

    [LoggerMessage(LogLevel.Warning, "{Topic} can't be followed: {Reason}")]
    private partial void CannotFollow(string topic, string reason);

    [LoggerMessage(LogLevel.Error, "Skipped the record of {Topic} at {Offset}, which can't be read")]
    private partial void RecordUnreadable(Exception exception, string topic, long offset);
}

/// <summary>What every follower stands on.</summary>
internal sealed record FollowerSurroundings(KafkaClients Clients, TopicFacts Facts, TimeProvider Time);
