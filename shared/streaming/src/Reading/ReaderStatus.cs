using System.Collections.Concurrent;

namespace Tributary.Streaming.Reading;

/// <summary>What is wrong with a reader's partitions; empty when all is well. Safe on any thread.</summary>
internal sealed class ReaderStatus(string consumer)
{
    private const int WholeTopic = -1;
    private readonly ConcurrentDictionary<int, Trouble> _troubles = [];

    public string Consumer => consumer;

    public IReadOnlyCollection<Trouble> Troubles => [.. _troubles.OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    /// <param name="isLasting">It does not pass by itself: someone must act.</param>
    public void Set(int? partition, string sentence, bool isLasting) =>
        _troubles[partition ?? WholeTopic] = new Trouble(sentence, isLasting);

    public bool IsLasting(int partition) => _troubles.TryGetValue(partition, out var trouble) && trouble.IsLasting;

    public void Clear(int partition)
    {
        _troubles.TryRemove(partition, out _);
        _troubles.TryRemove(WholeTopic, out _); // A topic of which a partition is read is there.
    }
}

internal sealed record Trouble(string Sentence, bool IsLasting);
