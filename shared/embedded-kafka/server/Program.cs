using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tributary.EmbeddedKafka;
using Tributary.EmbeddedKafka.Server;

if (!Arguments.TryRead(args, out var options, out var wrong))
{
    Console.Error.WriteLine(wrong);
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

using var loggers = new LineLoggerFactory(Console.Error, TimeProvider.System);
var stop = new TaskCompletionSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var broker = Broker.Start(options, TimeProvider.System, loggers);
    Console.WriteLine($"listening on {broker.Address}");
    await stop.Task;
    return 0;
}
catch (Exception refused) when (
    refused is InvalidDataException or ValidationException or SocketException or IOException)
{
    Console.Error.WriteLine($"The broker does not start: {refused.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
