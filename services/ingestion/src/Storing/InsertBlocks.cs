using Tributary.ClickHouse;
using Tributary.ClickHouse.Native;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// Inserts blocks that are written down, each until ClickHouse has answered that it has it. What is sent again carries
/// the same token, so that it counts once; before it is sent again after a while, the ledger is asked whether it still
/// is to be: a process that was frozen for long must not bring back a block that ClickHouse no longer remembers.
/// </summary>
internal sealed partial class InsertBlocks(
    ClickHouseClient client, BlockLedger ledger, StoringSurroundings around, ILogger<InsertBlocks> logger)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    /// <param name="knownSince">When the ledger last named this block, by the clock's ticks.</param>
    public async Task InsertAsync(
        string table, Block block, BatchSpan span, long knownSince, CancellationToken cancellationToken)
    {
        var options = new InsertOptions { DeduplicationToken = TokenOf(span) };
        for (var pause = PauseFirst; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            if (around.Time.GetElapsedTime(knownSince) > FreshFor)
            {
                knownSince = around.Time.GetTimestamp();
                if (!await ledger.IsPendingAsync(span, cancellationToken)) throw new AnotherOwnerException(span);
            }
            if (await TryAsync(table, block, options, cancellationToken)) return;
            await Task.Delay(pause, around.Time, cancellationToken);
        }
    }

    /// <summary>All four bounds: the same only for the same rows.</summary>
    public static string TokenOf(BatchSpan span) =>
        string.Create(null, stackalloc char[96], $"{span.TopicId:N}/{span.Partition}/{span.Start}/{span.End - 1}");

    private async Task<bool> TryAsync(
        string table, Block block, InsertOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await client.InsertAsync(table, block, options, cancellationToken);
            if (around.Status.Answers(table)) Recovered(table);
            return true;
        }
        catch (ClickHouseException fault)
        {
            around.Metrics.InsertFailed(table);
            if (around.Status.Fails(table, fault.Message)) Failed(table, fault.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A block of {Table} could not be inserted, and is tried until it is: {Reason}")]
    private partial void Failed(string table, string reason);

    [LoggerMessage(LogLevel.Information, "Blocks of {Table} are inserted again")]
    private partial void Recovered(string table);
}
