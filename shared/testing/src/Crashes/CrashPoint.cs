using System.Globalization;
using Tributary.Testing.Parts;

namespace Tributary.Testing.Crashes;

/// <summary>
/// A place between two steps at which a test program stops itself, as the test that started it has asked by its
/// environment: dead or frozen before the next step begins, every time. Only programs of tests contain such places.
/// </summary>
public static class CrashPoint
{
    private const string NameVariable = "CRASH_POINT";
    private const string VisitVariable = "CRASH_VISIT";
    private const string HarmVariable = "CRASH_BY";
    private const string MarkVariable = "CRASH_MARK";
    private static readonly string? Chosen = Environment.GetEnvironmentVariable(NameVariable);
    private static int s_visits;

    /// <summary>The environment of a program that is to stop at a place.</summary>
    /// <param name="visit">The first time, the second time, … that it comes there.</param>
    /// <param name="mark">A file that it makes just before; a program that finds the file passes by.</param>
    public static IReadOnlyDictionary<string, string> At(string name, int visit, Harm harm, string mark) =>
        new Dictionary<string, string>
        {
            [NameVariable] = name,
            [VisitVariable] = visit.ToString(CultureInfo.InvariantCulture),
            [HarmVariable] = harm.ToString(),
            [MarkVariable] = mark,
        };

    /// <summary>Whether this process is to stop somewhere.</summary>
    public static bool IsArmed => Chosen is not null;

    /// <summary>Stops this process here if this is the place; a frozen one goes on from here when thawed.</summary>
    public static void Reach(string name)
    {
        if (name != Chosen || Interlocked.Increment(ref s_visits) != Number(VisitVariable)) return;
        if (Environment.GetEnvironmentVariable(MarkVariable) is not { Length: > 0 } mark || File.Exists(mark)) return;
        File.WriteAllText(mark, name);
        var harm = Enum.Parse<Harm>(Environment.GetEnvironmentVariable(HarmVariable)!);
        Signals.Send(Environment.ProcessId, harm == Harm.Kill ? Signals.Kill : Signals.Stop);
        // A signal to one's own process is delivered to any of its threads, maybe a moment later than the call returns.
        SpinWait.SpinUntil(() => Signals.IsStopped(Environment.ProcessId), TimeSpan.FromMilliseconds(50));
    }

    private static int Number(string variable) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? "1", CultureInfo.InvariantCulture);
}
