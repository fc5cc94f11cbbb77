using System.Globalization;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Surviving_a_kill
{
    private string folder = "";

    [SetUp]
    public void Prepare()
    {
        if (!Server.IsEmbedded) Assert.Ignore("A server that is not ours is not killed.");
        folder = Directory.CreateTempSubdirectory("clickhouse-kill-").FullName;
    }

    [TearDown]
    public void Clear()
    {
        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Nothing_acknowledged_is_lost_and_a_repeated_block_counts_once()
    {
        var acknowledged = 0;
        var server = await ServerProcess.StartAsync(folder);
        await Must(server, "create database kept engine = Atomic");
        await Must(server, """
            create table kept.rows (block UInt32, row UInt32) engine = MergeTree order by (block, row)
            settings non_replicated_deduplication_window = 10000
            """);
        for (var round = 0; round < 3; round++)
        {
            var killing = Task.Delay(TimeSpan.FromMilliseconds(300 + (150 * round)))
                .ContinueWith(_ => server.KillAsync()).Unwrap();
            while (await TryInsertAsync(server, acknowledged)) acknowledged++;
            await killing;
            await server.DisposeAsync();

            server = await ServerProcess.StartAsync(folder);
            Assert.That(await TryInsertAsync(server, acknowledged), Is.True, "the block in doubt, repeated as it was");
            acknowledged++;
            Assert.That(await Must(server, "select count(), uniqExact(block, row), uniqExact(block) from kept.rows"),
                Is.EqualTo($"{acknowledged * 1000}\t{acknowledged * 1000}\t{acknowledged}"));
        }

        await server.DisposeAsync();
        Assert.That(acknowledged, Is.GreaterThan(3));
    }

    [Test]
    public async Task It_starts_again_in_under_two_seconds()
    {
        var first = await ServerProcess.StartAsync(folder);
        await Must(first, "create table default.t (a UInt64) engine = MergeTree order by a");
        await Must(first, "insert into default.t select number from numbers(1000000)");
        await first.KillAsync();

        await using var second = await ServerProcess.StartAsync(folder);

        Assert.Multiple(async () =>
        {
            Assert.That(second.StartedWith, Is.LessThan(TimeSpan.FromSeconds(2)));
            Assert.That(await Must(second, "select count() from default.t"), Is.EqualTo("1000000"));
        });
    }

    [Test]
    public async Task A_second_process_on_the_same_folder_is_refused()
    {
        await using var first = await ServerProcess.StartAsync(folder);

        Assert.Multiple(async () =>
        {
            Assert.That(await ServerProcess.ExitCodeAsync(folder), Is.Not.Zero);
            Assert.That(await Must(first, "select 1"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task A_backup_in_a_folder_brings_everything_back()
    {
        var backup = Directory.CreateTempSubdirectory("clickhouse-backup-").FullName;
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            await Must(first, "create database shop engine = Atomic");
            await Must(first, "create table shop.t (a UInt64) engine = MergeTree order by a");
            await Must(first, "insert into shop.t select number from numbers(1000)");
            await Must(first, $"backup database shop to File('{backup}/shop')");
            await Must(first, "drop database shop");

            await Must(first, $"restore database shop from File('{backup}/shop')");

            Assert.That(await Must(first, "select count(), sum(a) from shop.t"), Is.EqualTo("1000\t499500"));
        }

        Directory.Delete(backup, recursive: true);
    }

    private static async Task<bool> TryInsertAsync(ServerProcess server, int block)
    {
        using var client = new HttpClient();
        var rows = string.Join('\n', Enumerable.Range(0, 1000).Select(row => $"{block}\t{row}"));
        try
        {
            using var response = await client.PostAsync(new Uri(server.Address,
                string.Create(CultureInfo.InvariantCulture,
                    $"?insert_deduplication_token=block-{block}&query=insert+into+kept.rows+format+TSV")),
                new StringContent(rows));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> Must(ServerProcess server, string statement)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(server.Address, new StringContent(statement));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text.TrimEnd('\n') : throw new InvalidOperationException(text);
    }
}
