using System.Globalization;
using Tributary.ReadModel.Bench;

var events = args is ["--events", var number, ..] ? long.Parse(number, CultureInfo.InvariantCulture) : 10_000_000;
await using var server = await BenchServer.StartAsync();
await GeneratedEvents.FillAsync(server.Client, BenchServer.Database, events);
await Questions.AskAsync(server.Client);
await Sizes.PrintAsync(server.Client);
