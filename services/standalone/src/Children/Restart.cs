namespace Tributary.Standalone.Children;

/// <summary>Decides how long to wait before a child that ended is started again. Pure.</summary>
internal static class Restart
{
    /// <param name="failuresBefore">How often it ended in a row before this time.</param>
    /// <param name="wellFor">How long it was well this time.</param>
    public static RestartDecision Decide(int failuresBefore, TimeSpan wellFor, ChildOptions options)
    {
        var failures = wellFor >= options.ForgivenAfter ? 1 : Math.Min(failuresBefore, int.MaxValue - 1) + 1;
        var pause = options.PauseFirst * Math.Pow(2, Math.Min(failures - 1, 30));
        return new(failures, pause < options.PauseMax ? pause : options.PauseMax);
    }
}

internal readonly record struct RestartDecision(int Failures, TimeSpan Pause);
