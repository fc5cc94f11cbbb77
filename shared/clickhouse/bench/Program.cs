using Tributary.ClickHouse.Bench;

await using var server = await BenchServer.StartAsync();
await Reading.MeasureAsync(server);
await Writing.MeasureAsync(server);
