using System.Diagnostics;

namespace Tributary.Hosting.Tests;

/// <summary>The example service as a process of its own, which can be told to stop and be listened to.</summary>
internal static class ExampleProcess
{
    public static Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tributary.Example.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Listen__Http"] = "127.0.0.1:0",
                ["Listen__Grpc"] = "127.0.0.1:0",
                ["Listen__Operations"] = "127.0.0.1:0",
            },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
