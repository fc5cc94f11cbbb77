namespace Tributary.Postgres.Outbox;

/// <summary>
/// Writes entries to their topics, so that what it wrote to a partition is always a prefix of what it was given.
/// After a failure it is disposed, and another one is opened.
/// </summary>
internal interface IOutboxSender : IAsyncDisposable
{
    /// <summary>Returns when all are acknowledged; throws when that can't be said of one.</summary>
    Task SendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);
}

internal delegate IOutboxSender OpenOutboxSender();
