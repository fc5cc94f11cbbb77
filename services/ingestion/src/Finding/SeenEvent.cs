using System.Security.Cryptography;
using System.Text;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Finding;

/// <summary>The name of an event within everything that anyone sends.</summary>
internal readonly record struct EventKey(Guid Organisation, string MessageId)
{
    /// <summary>The name under which the edge keeps a message id that a sender has sent.</summary>
    public static EventKey Of(Guid organisation, string messageId)
    {
        var bytes = Encoding.UTF8.GetBytes(messageId);
        return new(organisation, bytes.Length <= EventWriter.MessageIdBytesMax
            ? messageId : Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}

/// <summary>Where a record lies, and when Kafka was given it.</summary>
internal sealed record RecordPlace(string Topic, int Partition, long Offset, DateTimeOffset At);

/// <summary>What the tails tell of one event. Never changed: what is learnt later makes another.</summary>
internal sealed record SeenEvent(EventKey Key, Guid Source, Event? Event, RejectedEvent? Refusal)
{
    public RecordPlace? Received { get; init; }

    public RecordPlace? Emitted { get; init; }

    public RecordPlace? Refused { get; init; }

    /// <summary>How often it came again.</summary>
    public int Repeats { get; init; }
}

internal enum Arrival
{
    Accepted,
    Repeated,
    Refused,
}

/// <summary>One coming of an event, in the order in which the tails told them.</summary>
internal sealed record SeenArrival(long Sequence, Arrival Arrival, SeenEvent Event);

/// <summary>What the window knows of a message id: an id may be refused once and accepted later.</summary>
internal sealed record SeenByWindow(SeenEvent? Event, SeenEvent? Refusal)
{
    public static readonly SeenByWindow Nothing = new(Event: null, Refusal: null);
}
