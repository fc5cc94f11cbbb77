using Tributary.Ingestion.Bench;

if (args is [Peers.KestrelCommand, var port])
{
    await Peers.ServeKestrelAsync(port);
    return 0;
}
if (BenchArguments.Read(args) is not { } arguments)
{
    Console.Error.WriteLine(BenchArguments.Usage);
    return 2;
}
if (arguments.Rows.Count > 0) await Speeds.RunAsync(arguments, Console.Out);
foreach (var extreme in arguments.Extremes) await Extremes.RunAsync(extreme, arguments.Time, Console.Out);
return arguments.Fuzz == 0 || await Extremes.FuzzAsync(arguments.Fuzz, Console.Out) ? 0 : 1;
