using System.Diagnostics;

// Run from the checkout, as ./tributary bench does. Its own data folder goes away with it.
var bound = TimeSpan.FromSeconds(15);
var data = Directory.CreateTempSubdirectory("tributary-bench-").FullName;
var ports = args.Length > 0 ? args[0] : "27080";
var up = $"./tributary up --data {data} --port-base {ports}";
try
{
    await TimeAsync("first up of this data folder", up);
    var again = await TimeAsync("second up", up);
    await ShellAsync($"for part in {data}/run/*.pid; do read -r pid rest <$part; kill -9 $pid; done");
    var killed = await TimeAsync("up after kill -9 of every part", up);
    var down = await TimeAsync("down", $"./tributary down --data {data}");
    return again < bound && killed < bound && down < bound ? 0 : 1;
}
finally
{
    await ShellAsync($"./tributary down --data {data}; rm -rf \"$(readlink -f {data}/postgres)\" {data}");
}

static async Task<TimeSpan> TimeAsync(string what, string script)
{
    var began = Stopwatch.GetTimestamp();
    var code = await ShellAsync(script);
    var took = Stopwatch.GetElapsedTime(began);
    Console.WriteLine($"{took.TotalSeconds,6:0.00} s  {what}{(code == 0 ? "" : $" (ended with {code})")}");
    return code == 0 ? took : TimeSpan.MaxValue;
}

static async Task<int> ShellAsync(string script)
{
    using var shell = Process.Start("bash", ["-c", $"({script}) >/dev/null"]);
    await shell.WaitForExitAsync();
    return shell.ExitCode;
}
