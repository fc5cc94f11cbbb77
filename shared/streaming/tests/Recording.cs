using Google.Protobuf.WellKnownTypes;

namespace Tributary.Streaming.Tests;

/// <summary>
/// A handler that keeps what it is given as rows, as a service would, and does what a test adds to that.
/// </summary>
internal sealed class Recording(MemoryOffsets offsets) : IBatchHandler<StringValue>
{
    /// <summary>Called before the rows are kept.</summary>
    public Func<Batch<StringValue>, CancellationToken, ValueTask> Before { get; set; } =
        (_, _) => ValueTask.CompletedTask;

    public async ValueTask HandleAsync(Batch<StringValue> batch, CancellationToken cancellationToken)
    {
        await Before(batch, cancellationToken);
        offsets.Commit(
            batch.Span,
            batch.Events.Where((_, index) => !batch.Rejections.ContainsKey(index)).Select(seen => seen.Value));
    }
}
