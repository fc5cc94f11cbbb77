using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Standalone.Children;

/// <summary>
/// Keeps one program running: started, watched, started again after a growing pause when it ends, stopped when told to.
/// What it says is in the log under its name; whether it is well is a health line.
/// </summary>
internal sealed partial class Child(
    ChildOptions options, StartingThread starting, Probe probe, TimeProvider time, ILogger<Child> logger)
    : IHealthCheck, IDisposable
{
    private const int LineLengthMax = 8_192;
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _outOfTime = new();
    private volatile ChildState _state = new ChildState.NotStarted();
    private int _restarts;
    private Task _running = Task.CompletedTask;

    public string Name => options.Name;
    public ChildState State => _state;

    public void Start() => _running = KeepRunningAsync(_stopping.Token);

    /// <summary>Returns when its process is gone, which is at once when the time for it is over.</summary>
    public async Task StopAsync(CancellationToken outOfTime)
    {
        await using var hurry = outOfTime.Register(_outOfTime.Cancel);
        await _stopping.CancelAsync();
        await _running;
        _state = new ChildState.Stopped();
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(_state.Health());

    public void Dispose()
    {
        _stopping.Dispose();
        _outOfTime.Dispose();
    }

    private async Task KeepRunningAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested; _restarts++)
        {
            var (ending, wellFor) = await RunAsync(stopping);
            if (stopping.IsCancellationRequested) break;

            (failures, var pause) = Restart.Decide(failures, wellFor, options);
            _state = new ChildState.Waiting(ending, failures, pause);
            ChildEnded(Name, ending, failures, pause);
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(string Ending, TimeSpan WellFor)> RunAsync(CancellationToken stopping)
    {
        Process process;
        try
        {
            process = await starting.StartAsync(ChildProcess.Command(options));
        }
        catch (Win32Exception fault)
        {
            return ($"Could not be started ({fault.Message})", TimeSpan.Zero);
        }
        using (process) return await WatchAsync(process, stopping);
    }

    private async Task<(string Ending, TimeSpan WellFor)> WatchAsync(Process process, CancellationToken stopping)
    {
        _state = new ChildState.Running(process.Id, _restarts, Answers: options.Probe is null ? true : null);
        ChildStarted(Name, process.Id);
        using var over = new CancellationTokenSource();
        var wellSince = ProbeAsync(process.Id, over.Token);
        var words = Task.WhenAll(
            LogAsync(process.StandardOutput, over.Token), LogAsync(process.StandardError, over.Token));

        await process.WaitForExitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested) await EndAsync(process);
        // A process that the child left behind may hold its output open: not longer than this.
        await words.WaitAsync(LastWordsMax, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        var since = await wellSince;
        return ($"Ended with code {process.ExitCode}", since is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero);
    }

    private async Task EndAsync(Process process)
    {
        using var late = new CancellationTokenSource(options.StopMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _outOfTime.Token);
        await ChildProcess.EndAsync(process, either.Token);
        ChildStopped(Name, process.ExitCode);
    }

    /// <summary>Shows what the probe says until the child is over.</summary>
    /// <returns>When it was well for the first time.</returns>
    private async Task<long?> ProbeAsync(int processId, CancellationToken over)
    {
        if (options.Probe is not { } address) return time.GetTimestamp();

        long? wellSince = null;
        bool? before = null;
        while (!over.IsCancellationRequested)
        {
            var answers = await probe.AnswersAsync(address, options.ProbeTimeout, over);
            if (over.IsCancellationRequested) break;

            if (answers) wellSince ??= time.GetTimestamp();
            if (wellSince is not null && answers != before) Show(new(processId, _restarts, answers), address);
            before = answers;
            await Task.Delay(options.ProbeInterval, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return wellSince;
    }

    private void Show(ChildState.Running state, Uri address)
    {
        _state = state;
        if (state.Answers is true) ChildAnswers(Name, address);
        else ChildIsSilent(Name, address);
    }

    private async Task LogAsync(StreamReader output, CancellationToken over)
    {
        await foreach (var line in BoundedLines.ReadAsync(output, LineLengthMax, over)) ChildSaid(Name, line);
    }

    [LoggerMessage(LogLevel.Information, "{Child}: {Line}")]
    private partial void ChildSaid(string child, string line);

    [LoggerMessage(LogLevel.Information, "{Child} started as process {ProcessId}")]
    private partial void ChildStarted(string child, int processId);

    [LoggerMessage(LogLevel.Information, "{Child} answered on {Address}")]
    private partial void ChildAnswers(string child, Uri address);

    [LoggerMessage(LogLevel.Warning, "{Child} ceased to answer on {Address}")]
    private partial void ChildIsSilent(string child, Uri address);

    [LoggerMessage(LogLevel.Error, "{Child}: {Ending}, {Failures} in a row; started again in {Pause}")]
    private partial void ChildEnded(string child, string ending, int failures, TimeSpan pause);

    [LoggerMessage(LogLevel.Information, "{Child} stopped with code {Code}")]
    private partial void ChildStopped(string child, int code);
}
