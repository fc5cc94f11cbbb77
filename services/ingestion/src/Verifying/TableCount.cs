using Tributary.ClickHouse;

namespace Tributary.Ingestion.Verifying;

/// <summary>The rows of <c>events</c> by organisation and hour of receipt.</summary>
internal static class TableCount
{
    private const string Count = """
        select
            organisation,
            toInt64(intDiv(toUnixTimestamp64Milli(received_at), 3600000)) as hour,
            toInt64(count()) as rows,
            sum(reinterpretAsUInt64(substring(SHA256(message_id), 1, 8))) as digest
        from events
        where received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
        group by organisation, hour
        """;

    public static async Task<Dictionary<HourKey, HourCount>> ReadAsync(
        ClickHouseClient client, long since, CancellationToken cancellationToken)
    {
        var counted = new Dictionary<HourKey, HourCount>();
        var options = new QueryOptions { Parameters = new Dictionary<string, object?> { ["since"] = since } };
        await using var reader = await client.QueryAsync(Count, options, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var block = reader.Block;
            for (var row = 0; row < block.RowCount; row++)
                counted[new(block.Column<Guid>("organisation")[row], block.Column<long>("hour")[row])] =
                    new(block.Column<long>("rows")[row], block.Column<ulong>("digest")[row]);
        }
        return counted;
    }
}
