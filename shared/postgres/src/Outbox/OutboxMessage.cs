namespace Tributary.Postgres.Outbox;

/// <summary>A record to be written to a topic because of a row.</summary>
/// <param name="Topic">Without the environment's prefix.</param>
public sealed record OutboxMessage(
    string Topic, byte[]? Key, byte[]? Value, IReadOnlyDictionary<string, string> Headers);
