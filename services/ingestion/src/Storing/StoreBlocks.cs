using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// Writes one partition's records to ClickHouse as a block whose bounds never change. The steps are those of recipe 5.
/// </summary>
internal sealed class StoreBlocks(
    RowsInUse memory, BlockLedger ledger, InsertBlocks inserts, Task schema, StoringSurroundings around)
    : IBatchHandler<byte[]>
{
    public const string Events = "ingestion.events";
    public const string Rejected = "ingestion.events_rejected";

    public async ValueTask HandleAsync(Batch<byte[]> batch, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        var rows = await memory.TakeAsync(cancellationToken);
        try
        {
            // 1. The rows; what none can be made of is in dead letters before the block is written down.
            await FillAsync(rows, batch, cancellationToken);
            var span = batch.Span;
            if (rows.Block.RowCount == 0 && rows.Beside is null)
            {
                await ledger.PassAsync(span, cancellationToken);
                return;
            }
            await StoreAsync(rows, batch, span, cancellationToken);
        }
        finally
        {
            memory.Return(rows);
        }
    }

    private async Task StoreAsync(
        IRows rows, Batch<byte[]> batch, BatchSpan span, CancellationToken cancellationToken)
    {
        // 2. The exact bounds, unless another owner was first.
        var startedAt = around.Time.GetTimestamp();
        await ledger.WriteDownAsync(span, cancellationToken);

        // 3. The block, under a token of its bounds, until ClickHouse has answered.
        if (rows.Block.RowCount > 0)
            await inserts.InsertAsync(rows.Table, rows.Block, span, startedAt, cancellationToken);
        if (rows is { Beside: { } beside, TableBeside: { } table })
            await inserts.InsertAsync(table, beside, span, startedAt, cancellationToken);

        // 4. The mark; only then is the partition's next block written down.
        await ledger.MarkInsertedAsync(span, cancellationToken);
        around.Metrics.BlockStored(
            rows.Table, rows.Block.RowCount, around.Time.GetElapsedTime(startedAt),
            batch.Records.Count > 0 ? around.Time.GetUtcNow() - batch.Records[0].Time : null);
    }

    private static async ValueTask FillAsync(IRows rows, Batch<byte[]> batch, CancellationToken cancellationToken)
    {
        for (var index = 0; index < batch.Events.Count; index++)
        {
            if (Add(rows, batch, index) is { } fault)
                await batch.RejectAsync(index, "unencodable", fault, cancellationToken);
        }
    }

    private static string? Add(IRows rows, Batch<byte[]> batch, int index)
    {
        try
        {
            rows.Add(batch.Events[index], batch.Records[index]);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
