using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Tributary.Streaming.Writing.Native;

/// <summary>
/// One client of librdkafka that writes one topic, and the thread that takes its answers. Ends when it is told to, or
/// after an error from which it can't recover, and answers for all that it held before.
/// </summary>
internal sealed class ByteClient
{
    private const int ErrorSize = 512;
    private const int Producer = 0;
    private const int AnsweredAtOnce = 1_024;
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(10);

    private readonly nint _client;
    private readonly nint _queue;
    private readonly nint _topic;
    private readonly Action<ByteClient, Error> _reported;
    private readonly Action<LogMessage> _logged;
    private readonly nint[] _answered = new nint[AnsweredAtOnce];
    private int _users;
    private volatile bool _isEnding;

    public ByteClient(
        IEnumerable<KeyValuePair<string, string>> settings, string topic, Action<ByteClient, Error> reported,
        Action<LogMessage> logged)
    {
        (_reported, _logged) = (reported, logged);
        _client = Open(settings);
        _queue = Librdkafka.rd_kafka_queue_get_main(_client);
        _ = Librdkafka.rd_kafka_set_log_queue(_client, _queue); // It fails for a setting that is made below.
        _topic = Librdkafka.rd_kafka_topic_new(_client, topic, conf: 0);
        Thread = new Thread(TakeAnswers) { IsBackground = true, Name = $"answers of {topic}" };
        Thread.Start();
    }

    public Thread Thread { get; }

    /// <summary>Asks where the topic's partitions are, which the first record would wait for.</summary>
    public bool WarmUp(TimeSpan waitMax)
    {
        var error = Librdkafka.rd_kafka_metadata(
            _client, allTopics: 0, _topic, out var metadata, (int)waitMax.TotalMilliseconds);
        if (error != 0) return false;
        Librdkafka.rd_kafka_metadata_destroy(metadata);
        return true;
    }

    /// <summary>
    /// Hands over: each message will be answered for, here where it was not taken. False when it has ended: none was.
    /// </summary>
    public unsafe bool TrySend(Span<NativeMessage> messages)
    {
        Interlocked.Increment(ref _users);
        try
        {
            if (_isEnding) return false;
            fixed (NativeMessage* first = messages)
            {
                var taken = Librdkafka.rd_kafka_produce_batch(
                    _topic, Librdkafka.AnyPartition, Librdkafka.CopyPayload, first, messages.Length);
                if (taken < messages.Length) AnswerForThoseNotTaken(messages);
            }
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _users);
        }
    }

    /// <summary>Takes no more, answers for what it holds, then goes; not at once.</summary>
    public void End() => _isEnding = true;

    private static void AnswerForThoseNotTaken(ReadOnlySpan<NativeMessage> messages)
    {
        foreach (ref readonly var message in messages)
        {
            if (message.Error == 0) continue;
            ByteSending.Of(message.Opaque).Answer(
                count: 1, new Error((ErrorCode)message.Error), PersistenceStatus.NotPersisted);
        }
    }

    private void TakeAnswers()
    {
        long? purgeAt = null;
        while (!_isEnding || Volatile.Read(ref _users) > 0 || Librdkafka.rd_kafka_outq_len(_client) > 0)
        {
            if (_isEnding) purgeAt ??= Environment.TickCount64 + (long)EndMax.TotalMilliseconds;
            if (Environment.TickCount64 > purgeAt)
                _ = Librdkafka.rd_kafka_purge( // Fails for clients of another kind alone.
                    _client, Librdkafka.PurgeQueue | Librdkafka.PurgeInFlight);
            var happened = Librdkafka.rd_kafka_queue_poll(_queue, timeoutMilliseconds: 100);
            if (happened == 0) continue;
            Take(happened);
            Librdkafka.rd_kafka_event_destroy(happened);
        }
        Librdkafka.rd_kafka_topic_destroy(_topic);
        Librdkafka.rd_kafka_queue_destroy(_queue);
        Librdkafka.rd_kafka_destroy(_client);
    }

    private void Take(nint happened)
    {
        switch (Librdkafka.rd_kafka_event_type(happened))
        {
            case Librdkafka.EventDelivery:
                Answer(happened);
                break;
            case Librdkafka.EventError:
                var reason = Marshal.PtrToStringUTF8(Librdkafka.rd_kafka_event_error_string(happened)) ?? "";
                var isFatal = Librdkafka.rd_kafka_event_error_is_fatal(happened) != 0;
                _reported(this, new Error((ErrorCode)Librdkafka.rd_kafka_event_error(happened), reason, isFatal));
                break;
            case Librdkafka.EventLog:
                if (Librdkafka.rd_kafka_event_log(happened, out var facility, out var text, out var level) == 0)
                    _logged(new LogMessage("bytes", (SyslogLevel)level, Text(facility), Text(text)));
                break;
        }
    }

    /// <summary>Records of one call mostly lie side by side, and are answered for together.</summary>
    private unsafe void Answer(nint happened)
    {
        fixed (nint* room = _answered)
        {
            var messages = (NativeMessage**)room;
            while (Librdkafka.rd_kafka_event_message_array(happened, messages, AnsweredAtOnce) is > 0 and var count)
            {
                for (nuint start = 0, end; start < count; start = end)
                {
                    var first = messages[start];
                    for (end = start + 1; end < count && IsAlike(first, messages[end]); end++)
                    {
                    }
                    var status = (PersistenceStatus)Librdkafka.rd_kafka_message_status(first);
                    ByteSending.Of(first->Opaque)
                        .Answer((int)(end - start), new Error((ErrorCode)first->Error), status);
                }
            }
        }
    }

    private static unsafe bool IsAlike(NativeMessage* one, NativeMessage* other) =>
        one->Opaque == other->Opaque && one->Error == other->Error
        && (one->Error == 0
            || Librdkafka.rd_kafka_message_status(one) == Librdkafka.rd_kafka_message_status(other));

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    private static unsafe nint Open(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var conf = Librdkafka.rd_kafka_conf_new();
        var error = stackalloc byte[ErrorSize];
        // Those of .NET's client are its own.
        foreach (var (name, value) in settings)
        {
            if (name.StartsWith("dotnet.", StringComparison.Ordinal)) continue;
            if (Librdkafka.rd_kafka_conf_set(conf, name, value, (nint)error, ErrorSize) != Librdkafka.SettingTaken)
                throw new InvalidOperationException(Text((nint)error));
        }
        Librdkafka.rd_kafka_conf_set(conf, "log.queue", "true", (nint)error, ErrorSize);
        Librdkafka.rd_kafka_conf_set_events(
            conf, Librdkafka.EventDelivery | Librdkafka.EventError | Librdkafka.EventLog);
        var client = Librdkafka.rd_kafka_new(Producer, conf, (nint)error, ErrorSize);
        return client != 0 ? client : throw new InvalidOperationException(Text((nint)error));
    }
}
