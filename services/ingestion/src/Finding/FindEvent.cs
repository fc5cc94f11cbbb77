using Tributary.ClickHouse;

namespace Tributary.Ingestion.Finding;

/// <summary>Whether the edge's own disk holds an event that Kafka has not taken yet.</summary>
internal delegate bool IsSpooled(Guid organisation, string messageId);

/// <summary>Where an event is: asks ClickHouse, the spool and the topics' tails.</summary>
internal sealed partial class FindEvent(
    EventStore store, EventWindow window, TailFollowing following, IsSpooled isSpooled, ILogger<FindEvent> logger)
{
    /// <summary>The longest id that is looked for; in bytes, as the address carries it.</summary>
    public const int MessageIdBytesMax = 4_096;

    /// <summary>Null where ClickHouse doesn't answer and the tails don't know it either.</summary>
    public async Task<FoundEvent?> AskAsync(EventKey key, CancellationToken cancellationToken)
    {
        following.Want(); // While ClickHouse is asked, the tails are read.
        var (stored, refused, hasAnswered) = await AskStoreAsync(key, cancellationToken);
        var isReady = following.IsReady
            || (stored is null && await following.ReadyAsync(cancellationToken));
        var seen = window.Find(key);
        if (!hasAnswered && seen == SeenByWindow.Nothing && !isSpooled(key.Organisation, key.MessageId)) return null;

        return FoundEvent.Decide(
            stored, refused, seen, isSpooled(key.Organisation, key.MessageId), new(isReady, following.OneIn));
    }

    private async Task<(StoredEvent? Event, StoredRefusal? Refusal, bool HasAnswered)> AskStoreAsync(
        EventKey key, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await store.FindAsync(key, cancellationToken);
            return (stored, stored is null ? await store.FindRefusalAsync(key, cancellationToken) : null, true);
        }
        catch (ClickHouseException exception)
        {
            NotAnswered(exception);
            return (null, null, false);
        }
    }

    [LoggerMessage(LogLevel.Warning, "ClickHouse did not say whether it has an event")]
    private partial void NotAnswered(Exception exception);
}
