using Tributary.Testing.Parts;

// A rig that starts one part and then waits to be killed by Running_a_part.
await using var part = new Part(new()
{
    Name = "left behind",
    CommandLine = ["/bin/sleep", "300"],
    LogFile = args[0],
    IsReady = _ => Task.FromResult(true),
});
await part.StartAsync(CancellationToken.None);
await File.WriteAllTextAsync(args[1], $"{part.ProcessId}");
await Task.Delay(Timeout.Infinite);
