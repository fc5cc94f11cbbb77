using System.Text;
using Google.Protobuf;
using Tributary.Contracts;
using Tributary.Contracts.V1;

namespace Tributary.Counter;

/// <summary>What this program reads and writes; the product's own topics are in its contracts.</summary>
public static class CounterTopics
{
    public const string Service = "counter";

    private const int MessageBytesMax = 1 << 20;
    private static readonly Retention Kept = new Retention.DeletedAfter(TimeSpan.FromDays(1));

    /// <summary>What the load sends: one event per id.</summary>
    public static readonly Topic<Event> Counting = new(
        "counting.v1", 4, Kept, MessageBytesMax, Service, [Service],
        sent => TopicKey.Of(sent.Organisation, sent.AnonymousId), Event.Parser)
    {
        KeyedBy = "organisation / anonymous id",
    };

    /// <summary>What was counted: one message per batch and organisation, with the ids of the batch as lines.</summary>
    public static readonly Topic<Event> Counted = new(
        "counted.v1", 2, Kept, MessageBytesMax, Service, [],
        sent => TopicKey.Of(sent.Organisation), Event.Parser)
    {
        KeyedBy = "organisation",
    };

    public static IReadOnlyList<Topic> All { get; } = [Counting, Counted];

    /// <summary>A counted message of one organisation.</summary>
    public static Event CountedOf(ByteString organisation, IEnumerable<string> ids) => new()
    {
        Organisation = organisation,
        Properties = ByteString.CopyFrom(string.Join('\n', ids), Encoding.UTF8),
    };

    /// <summary>The ids of a counted message, in the order in which they were handled.</summary>
    public static IEnumerable<string> IdsOf(Event counted) =>
        counted.Properties.ToString(Encoding.UTF8).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
