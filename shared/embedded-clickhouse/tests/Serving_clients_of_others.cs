using System.Diagnostics;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Serving_clients_of_others
{
    [Test]
    public async Task The_official_client_for_node_finds_what_it_expects()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "node");
        var (installed, log) = await RunAsync("npm", folder, "ci", "--prefer-offline", "--no-audit", "--no-fund",
            "--silent");
        if (installed != 0
            && Environment.GetEnvironmentVariable("CI") is null) Assert.Ignore($"npm has no client: {log}");

        var (code, said) = await RunAsync("node", folder, "suite.mjs");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, said);
            Assert.That(said, Does.Contain("kept: all 12"));
        });
    }

    [Test]
    public async Task Curl_uploads_downloads_and_notices_what_broke_off()
    {
        var table = await Server.Table("a UInt64");
        var address = Server.Address.AbsoluteUri;

        var (sent, _) = await RunAsync("curl", ".", "-sSf", "--data-binary", "1\n2\n3",
            $"{address}?query=insert+into+{table}+format+TSV");
        var (received, text) = await RunAsync("curl", ".", "-sSf", "--compressed",
            $"{address}?enable_http_compression=1&query=select+sum(a)+from+{table}");
        var (refused, _) = await RunAsync("curl", ".", "-sSf", $"{address}?query=selec");
        var (broken, _) = await RunAsync("curl", ".", "-sS", "-o", "/dev/null",
            $"{address}?query=select+throwIf(number=3000000)+from+numbers(4000000)");

        Assert.Multiple(() =>
        {
            Assert.That((sent, received, text), Is.EqualTo((0, 0, "6\n")));
            Assert.That((refused, broken), Is.EqualTo((22, 18)));
        });
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string folder,
        params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLICKHOUSE"] = Server.Address.AbsoluteUri.TrimEnd('/');
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
