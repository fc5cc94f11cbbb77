using Tributary.Testing.Parts;

namespace Tributary.Testing.Crashes;

/// <summary>
/// Runs parts as processes, harms them while a load keeps account, and compares what went in with what came out. A rig
/// serves one round; whatever ends it, its processes end with it.
/// </summary>
public sealed class CrashRig(TimeProvider time, RoundBounds bounds) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(300);
    private readonly List<Part> _parts = [];
    private readonly List<Incident> _incidents = [];
    private readonly Dictionary<Part, DateTimeOffset> _restartAt = [];
    private int _restarts;

    /// <summary>Where the parts keep their folders and logs.</summary>
    public TemporaryFolder Folder { get; } = new("rig");

    /// <summary>In the order of their start.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>Starts a part, and returns when it is ready.</summary>
    public async Task<Part> StartAsync(PartCommand command, CancellationToken cancellationToken)
    {
        if (_parts.Any(other => other.Name == command.Name)) throw new ArgumentException($"{command.Name} exists");
        var part = new Part(command);
        _parts.Add(part);
        await part.StartAsync(cancellationToken);
        return part;
    }

    /// <summary>Load and mayhem together, then everything up again, drain, and the account.</summary>
    public async Task<RoundReport> RunAsync(Round round, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var account = new Account(time);
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Task.Run(() => round.LoadAsync(account, stopLoad.Token), CancellationToken.None);
        await HarmAsync(round, startedAt, load, cancellationToken);
        foreach (var part in _parts) await RiseAsync(part, cancellationToken);
        await stopLoad.CancelAsync();
        await load.WaitAsync(bounds.LoadEndsWithin, time, cancellationToken);

        var sightings = await new Drain(time, bounds).UntilSettledAsync(
            round.Outlets, account, RestartTheDeadAsync, cancellationToken);
        var report = RoundReport.Of(round.Seed, time.GetElapsedTime(startedAt), account, _incidents, sightings);
        if (!report.IsClean) Folder.Keep();
        return report;
    }

    /// <summary>Stops in the opposite order of the start, services before their servers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.StopAsync(StopWithin);
            await part.DisposeAsync();
        }
        Folder.Dispose();
    }

    // One loop does everything to the parts, so that none is harmed and started again at the same time.
    private async Task HarmAsync(Round round, long startedAt, Task load, CancellationToken cancellationToken)
    {
        var begins = round.Acts.Select(act => (act.At, Do: (Func<Task>)(() => BeginAsync(act))));
        var ends = round.Acts.Select(act => (At: act.At + act.Lasts, Do: (Func<Task>)(() => EndAsync(act))));
        var steps = new Queue<(TimeSpan At, Func<Task> Do)>(begins.Concat(ends).OrderBy(step => step.At));
        while (steps.Count > 0 || time.GetElapsedTime(startedAt) < round.LoadFor)
        {
            if (load.IsCompleted) await load; // A load that ends early has failed, or is wrong.
            while (steps.TryPeek(out var next) && next.At <= time.GetElapsedTime(startedAt))
                await steps.Dequeue().Do();
            await RestartTheDeadAsync();
            await Task.Delay(Tick, time, cancellationToken);
        }
    }

    private async Task BeginAsync(Act act)
    {
        var part = _parts.Single(part => part.Name == act.Part);
        if (part.State != PartState.Running)
        {
            Note(part, $"spared: it was {part.State.ToString().ToLowerInvariant()}");
            return;
        }
        Note(part, act.Harm == Harm.Kill ? "killed" : "frozen");
        await (act.Harm == Harm.Kill ? part.KillAsync() : part.FreezeAsync());
    }

    private async Task EndAsync(Act act)
    {
        var part = _parts.Single(part => part.Name == act.Part);
        switch (part.State)
        {
            case PartState.Frozen when act.Harm == Harm.Freeze:
                part.Thaw();
                Note(part, "thawed");
                break;
            case PartState.Down when act.Harm == Harm.Kill:
                await part.LaunchAsync();
                Note(part, "started");
                break;
            default:
                break; // It died meanwhile, and is started again as any that die.
        }
    }

    private async Task RestartTheDeadAsync()
    {
        foreach (var part in _parts.Where(part => part.State == PartState.Died))
        {
            if (!_restartAt.TryGetValue(part, out var restartAt))
            {
                Note(part, $"died with code {part.ExitCode}");
                _restartAt[part] = time.GetUtcNow() + RestartAfter;
                if (++_restarts > bounds.RestartsMax)
                    throw new InvalidOperationException(
                        $"Parts died more than {bounds.RestartsMax} times; {part.Name} ended with:\n{part.LogTail()}");
            }
            else if (time.GetUtcNow() >= restartAt)
            {
                _restartAt.Remove(part);
                await part.LaunchAsync();
                Note(part, "started after its death");
            }
        }
    }

    private static async Task RiseAsync(Part part, CancellationToken cancellationToken)
    {
        if (part.State == PartState.Frozen) part.Thaw();
        if (part.State is PartState.Down or PartState.Died) await part.LaunchAsync();
        await part.ReadyAsync(cancellationToken);
    }

    private void Note(Part part, string what) => _incidents.Add(new(time.GetUtcNow(), part.Name, what));
}
