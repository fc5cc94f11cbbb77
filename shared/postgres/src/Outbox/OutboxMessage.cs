namespace Tributary.Postgres.Outbox;

/// <summary>A record to be written to a topic because of a row; no position until its transaction ends.</summary>
/// <param name="Topic">As declared, without the environment's prefix.</param>
internal sealed record OutboxMessage(
    string Topic, byte[]? Key, byte[] Value, IReadOnlyDictionary<string, string> Headers);

/// <summary>A message as committed: readers skip it where its position is not above what they kept.</summary>
internal sealed record OutboxEntry(Guid OutboxId, long Position, OutboxMessage Message)
{
    public int Bytes => Message.Value.Length + (Message.Key?.Length ?? 0);
}
