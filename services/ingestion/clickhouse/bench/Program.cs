using System.Globalization;
using Tributary.ClickHouse.Bench;
using Tributary.ReadModel.Bench;

// With a server of one's own (TRIBUTARY_CLICKHOUSE) filling and asking may be two runs: --fill, then --ask.
var codecs = args.Contains("--codecs");
var given = Array.IndexOf(args, "--events");
var events = given >= 0 ? long.Parse(args[given + 1], CultureInfo.InvariantCulture) : codecs ? 2_000_000 : 10_000_000;
await using var server = await BenchServer.StartAsync();
if (!args.Contains("--ask")) await GeneratedEvents.FillAsync(server.Client, BenchServer.Database, events);
if (codecs)
{
    await Codecs.CompareAsync(server.Client);
}
else if (!args.Contains("--fill"))
{
    await Questions.AskAsync(server.Client);
    await Sizes.PrintAsync(server.Client);
}
