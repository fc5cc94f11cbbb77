using System.Net.Sockets;

namespace Tributary.Hosting;

/// <summary>What an operator reads when a service does not start.</summary>
internal static class StartFault
{
    private static int _guarded;

    /// <summary>
    /// Options are also read while a program is still being put together, where nothing of ours catches: such a fault
    /// gets the same sentences and exit code, not a stack trace and a core dump.
    /// </summary>
    public static void GuardProcess()
    {
        if (Interlocked.Exchange(ref _guarded, 1) == 1) return;

        AppDomain.CurrentDomain.UnhandledException += (_, raised) =>
        {
            if (raised.ExceptionObject is Exception fault && Sentences(fault).Any())
                Environment.Exit(Report(fault, Console.Error));
        };
    }

    public static int Report(Exception fault, TextWriter errors)
    {
        var sentences = Sentences(fault).ToArray();
        if (sentences.Length == 0) errors.WriteLine(fault);
        foreach (var sentence in sentences) errors.WriteLine(sentence);
        errors.Flush();
        return 1;
    }

    private static IEnumerable<string> Sentences(Exception fault) => fault switch
    {
        OptionsValidationException wrong => wrong.Failures,
        AggregateException many => many.InnerExceptions.SelectMany(Sentences).Distinct(),
        IOException { InnerException: SocketException or Microsoft.AspNetCore.Connections.AddressInUseException } taken
            => [$"{taken.Message.TrimEnd('.')}: set another in Listen__Http, Listen__Grpc or Listen__Operations."],
        _ => [],
    };
}
