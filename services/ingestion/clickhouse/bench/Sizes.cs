using System.Globalization;
using Tributary.ClickHouse;

namespace Tributary.ReadModel.Bench;

/// <summary>What an event takes on disk, by column and by table.</summary>
internal static class Sizes
{
    public static async Task PrintAsync(ClickHouseClient client)
    {
        Console.WriteLine("\nbytes per event on disk, by column of events");
        await PrintAsync(client, """
            select name, data_compressed_bytes / (select count() from events) as bytes
            from system.columns
            where database = currentDatabase() and table = 'events' and bytes >= 0.01
            order by bytes desc
            """);
        Console.WriteLine("\nbytes per event on disk, by table");
        await PrintAsync(client, """
            select table, sum(bytes_on_disk) / (select count() from events) as bytes
            from system.parts
            where database = currentDatabase() and active
            group by table
            order by bytes desc
            """);
    }

    private static async Task PrintAsync(ClickHouseClient client, string query)
    {
        await using var reader = await client.QueryAsync(query, options: null, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{reader.Block[0].Value(row),-28}{reader.Block[1].Value(row),10:F2}"));
            }
        }
    }
}
