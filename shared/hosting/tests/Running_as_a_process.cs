using System.Diagnostics;

namespace Tributary.Hosting.Tests;

public class Running_as_a_process
{
    [Test]
    public async Task A_wrong_option_stops_it_with_a_sentence_and_exit_code_1()
    {
        using var process = ExampleProcess.Start(
            ("Limits__HeadersMax", "9999"), ("Listen__Grpc", "nowhere"), ("Grpc__MessageBytesMax", "lots"));

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(errors.TrimEnd().Split('\n'), Is.EquivalentTo(new[]
        {
            "Grpc:MessageBytesMax must be a whole number (set it as Grpc__MessageBytesMax).",
            "Listen:Grpc: must be an address and a port such as 127.0.0.1:8080 or [::]:8080 (set it as Listen__Grpc).",
            "Limits:HeadersMax must be between 8 and 256 (set it as Limits__HeadersMax).",
        }));
    }

    [Test]
    public async Task The_service_in_the_readme_is_the_example_that_runs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json"))) folder = folder.Parent;
        var hosting = Path.Combine(folder.FullName, "shared", "hosting");

        var readme = await File.ReadAllTextAsync(Path.Combine(hosting, "README.md"));
        var example = await File.ReadAllTextAsync(Path.Combine(hosting, "example", "Program.cs"));

        Assert.That(readme, Does.Contain($"```csharp\n{example}```"));
    }

    [Test]
    public async Task A_port_that_is_taken_is_said_in_a_sentence()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        using var process = ExampleProcess.Start(("Listen__Http", taken.LocalEndpoint.ToString()!));

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("address already in use: set another in Listen__Http"));
        Assert.That(errors, Does.Not.Contain("   at "), "a stack trace");
    }
}
