namespace Tributary.Streaming;

/// <summary>Events of one partition as read, with their span, and verdicts on those that can never succeed.</summary>
public sealed class Batch<TEvent>(IReadOnlyList<TEvent> events, BatchSpan span)
{
    private readonly List<Rejection> _rejections = [];

    public IReadOnlyList<TEvent> Events { get; } = events;

    public BatchSpan Span { get; } = span;

    internal IReadOnlyList<Rejection> Rejections => _rejections;

    /// <summary>Sends the event to the service's dead letters; it is not offered again until someone replays it.</summary>
    public void Reject(int index, string reason) => _rejections.Add(new(index, reason));
}

internal readonly record struct Rejection(int Index, string Reason);
