using Tributary.Operations;

using var stopped = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopped.Cancel();
};
return await Command.RunAsync(args, Environment.GetEnvironmentVariable, Console.Out, Console.Error, stopped.Token);
