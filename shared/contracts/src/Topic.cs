using Google.Protobuf;

namespace Tributary.Contracts;

/// <summary>How long Kafka keeps what a topic holds.</summary>
public abstract record Retention
{
    private Retention() { }

    /// <summary>Records older than this are deleted.</summary>
    public sealed record DeletedAfter(TimeSpan Age) : Retention;

    /// <summary>The latest record of each key is kept for ever.</summary>
    public sealed record LatestPerKey : Retention;
}

/// <summary>
/// What Kafka and the services need to know of a topic. Partitions, key and type are part of the version in the name:
/// a change of one is a new topic.
/// </summary>
/// <param name="Name">Without the prefix that <c>KAFKA_TOPIC_PREFIX</c> adds in an environment.</param>
/// <param name="MessageBytesMax">The topic's <c>max.message.bytes</c>: the largest record, key and headers too.</param>
/// <param name="Owner">The one service that creates and writes it.</param>
/// <param name="Readers">The services that may read it.</param>
public abstract record Topic(
    string Name, int Partitions, Retention Kept, int MessageBytesMax, string Owner, IReadOnlyList<string> Readers)
{
    /// <summary>What the key is made of, in words.</summary>
    public string KeyedBy { get; init; } = "";

    /// <summary>The message that a record's value is.</summary>
    public abstract string Value { get; }

    /// <summary>The name on the broker.</summary>
    public string NameUnder(string prefix) => prefix + Name;
}

/// <summary>A topic, with the type it carries and the key whose order readers may rely on.</summary>
public sealed record Topic<TEvent>(
    string Name,
    int Partitions,
    Retention Kept,
    int MessageBytesMax,
    string Owner,
    IReadOnlyList<string> Readers,
    Func<TEvent, string> Key,
    MessageParser<TEvent> Parser)
    : Topic(Name, Partitions, Kept, MessageBytesMax, Owner, Readers)
    where TEvent : IMessage<TEvent>
{
    /// <inheritdoc/>
    public override string Value => typeof(TEvent).Name;
}

/// <summary>
/// A topic whose values are records of other topics, byte for byte, with where they came from in their headers:
/// what a service could not process, or is to try again.
/// </summary>
public sealed record CarrierTopic(
    string Name, int Partitions, Retention Kept, int MessageBytesMax, string Owner, IReadOnlyList<string> Readers)
    : Topic(Name, Partitions, Kept, MessageBytesMax, Owner, Readers)
{
    /// <inheritdoc/>
    public override string Value => "the record, as it was";
}
