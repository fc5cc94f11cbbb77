using System.Diagnostics;
using System.Globalization;
using Tributary.FirstLight;
using Tributary.Testing.Crashes;

// ./tributary bench first-light [ROUNDS [FIRST SEED]]
const int RoundsDefault = 20;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : RoundsDefault;
var first = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var window = TimeSpan.FromSeconds(20);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // The rig stops its parts first.
    stop.Cancel();
};

var reports = new List<RoundReport>();
var startedAt = Stopwatch.GetTimestamp();
for (var seed = first; seed < first + rounds; seed++)
{
    Console.WriteLine($"round {seed - first + 1} of {rounds}");
    var report = await CrashingRound.RunAsync(seed, window, stop.Token);
    Console.WriteLine(report);
    reports.Add(report);
}
Console.WriteLine(RoundsTable.Of(reports));
Console.WriteLine($"{Stopwatch.GetElapsedTime(startedAt).TotalMinutes:0.0} minutes");
return reports.TrueForAll(report => report.IsClean) ? 0 : 1;
