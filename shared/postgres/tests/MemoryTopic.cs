using System.Text;
using Tributary.Postgres.Outbox;

namespace Tributary.Postgres.Tests;

/// <summary>A topic of one partition, and what a reader by positions makes of it.</summary>
internal sealed class MemoryTopic
{
    private readonly Lock _lock = new();
    private readonly List<OutboxEntry> _log = [];

    public IReadOnlyList<OutboxEntry> Log
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    /// <summary>The values that a reader by position keeps, in order.</summary>
    public IReadOnlyList<string> Read()
    {
        Dictionary<Guid, long> kept = [];
        List<string> values = [];
        foreach (var entry in Log)
        {
            if (entry.Position <= kept.GetValueOrDefault(entry.OutboxId, -1)) continue;
            kept[entry.OutboxId] = entry.Position;
            values.Add(Encoding.UTF8.GetString(entry.Message.Value));
        }

        return values;
    }

    /// <param name="beforeEach">Called with each entry before it is written; throws to fail the delivery.</param>
    /// <param name="beforeReturn">Awaited when all are written: the step between send and mark.</param>
    public OpenOutboxSender Sender(Action<OutboxEntry>? beforeEach = null, Func<Task>? beforeReturn = null) =>
        () => new MemorySender(this, beforeEach ?? (_ => { }), beforeReturn ?? (() => Task.CompletedTask));

    private sealed class MemorySender(MemoryTopic topic, Action<OutboxEntry> beforeEach, Func<Task> beforeReturn)
        : IOutboxSender
    {
        public async Task SendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
        {
            foreach (var entry in entries)
            {
                beforeEach(entry);
                lock (topic._lock) topic._log.Add(entry);
            }

            await beforeReturn().WaitAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
