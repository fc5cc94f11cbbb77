using System.Runtime.InteropServices;

namespace Tributary.Streaming.Writing.Native;

/// <summary>
/// The functions of librdkafka by which many records are handed over and answered for in one call each; Confluent.Kafka
/// has only those for one. The library is the one that Confluent.Kafka brings along. Names as in <c>rdkafka.h</c>.
/// </summary>
internal static partial class Librdkafka
{
    public const int AnyPartition = -1, CopyPayload = 0x2;
    public const int EventDelivery = 0x1, EventLog = 0x4, EventError = 0x8;
    public const int PurgeQueue = 0x1, PurgeInFlight = 0x2;
    public const int SettingTaken = 0;
    private const string Library = "librdkafka";

    [LibraryImport(Library)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, nint error, nuint errorSize);

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_set_events(nint conf, int events);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_new(int type, nint conf, nint error, nuint errorSize);

    [LibraryImport(Library)]
    public static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(nint client, string topic, nint conf);

    [LibraryImport(Library)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_get_main(nint client);

    [LibraryImport(Library)]
    public static partial int rd_kafka_set_log_queue(nint client, nint queue);

    [LibraryImport(Library)]
    public static partial void rd_kafka_queue_destroy(nint queue);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_poll(nint queue, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static unsafe partial int rd_kafka_produce_batch(
        nint topic, int partition, int flags, NativeMessage* messages, int count);

    [LibraryImport(Library)]
    public static partial int rd_kafka_metadata(
        nint client, int allTopics, nint onlyTopic, out nint metadata, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static partial void rd_kafka_metadata_destroy(nint metadata);

    [LibraryImport(Library)]
    public static partial int rd_kafka_outq_len(nint client);

    [LibraryImport(Library)]
    public static partial int rd_kafka_purge(nint client, int flags);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_type(nint happened);

    [LibraryImport(Library)]
    public static unsafe partial nuint rd_kafka_event_message_array(
        nint happened, NativeMessage** messages, nuint count);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_error(nint happened);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_event_error_string(nint happened);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_error_is_fatal(nint happened);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_log(nint happened, out nint facility, out nint text, out int level);

    [LibraryImport(Library)]
    public static partial void rd_kafka_event_destroy(nint happened);

    [LibraryImport(Library)]
    public static unsafe partial int rd_kafka_message_status(NativeMessage* message);
}

/// <summary><c>rd_kafka_message_t</c>, as it lies in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeMessage
{
    public int Error;
    public nint Topic;
    public int Partition;
    public nint Payload;
    public nuint PayloadLength;
    public nint Key;
    public nuint KeyLength;
    public long Offset;
    public nint Opaque;
}
