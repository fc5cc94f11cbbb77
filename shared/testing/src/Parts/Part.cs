using System.Diagnostics;

namespace Tributary.Testing.Parts;

/// <summary>What a part is at this moment.</summary>
public enum PartState
{
    /// <summary>Not started, stopped or killed by the rig.</summary>
    Down,

    Running,

    Frozen,

    /// <summary>It ended without the rig's doing.</summary>
    Died,
}

/// <summary>
/// One process of a rig, with all its children: started, killed, frozen, thawed and started again under one name.
/// Its methods are called by one caller at a time. Nothing that it started outlives the rig's process.
/// </summary>
public sealed class Part(PartCommand command) : IAsyncDisposable
{
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(5);
    private Process? _process;
    private bool _isFrozen;
    private Exception? _refused;

    public string Name => command.Name;

    public string LogFile => command.LogFile;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    public int? ProcessId => _process is { HasExited: false } ? _process.Id : null;

    /// <summary>The process and all below it; none where it does not run.</summary>
    public IReadOnlyList<int> ProcessIds => ProcessId is { } root ? Signals.TreeOf(root) : [];

    /// <summary>The code of a process that died; for a signal, 128 and its number.</summary>
    public int? ExitCode => _process is { HasExited: true } ? _process.ExitCode : null;

    public PartState State => _process switch
    {
        null => PartState.Down,
        { HasExited: true } => PartState.Died,
        _ => _isFrozen ? PartState.Frozen : PartState.Running,
    };

    /// <summary>Starts it, and returns when it is ready; throws with the end of its log where it is not.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LaunchAsync();
        await ReadyAsync(cancellationToken);
    }

    /// <summary>Starts it without waiting for its readiness.</summary>
    public async Task LaunchAsync()
    {
        if (State is PartState.Running or PartState.Frozen) throw new InvalidOperationException($"{Name} runs already");
        _process?.Dispose();
        _isFrozen = false;
        _process = await ProcessLauncher.StartAsync(command);
        Starts++;
    }

    /// <summary>Returns when the part says that it is ready; throws when it ends before, or takes too long.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var ready = await Eventually.TryAsync(
            async () => State == PartState.Died || await IsReadyAsync(cancellationToken), command.ReadyWithin);
        if (State == PartState.Died) throw Failed($"ended with code {ExitCode} before it was ready");
        if (!ready) throw Failed($"was not ready within {command.ReadyWithin.TotalSeconds:0.#} s");
        _refused = null;
    }

    /// <summary>SIGKILL, to its children too; returns when all are gone.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited)
        {
            // Children that lose their parent are no longer found below it, so all are named before the first dies.
            var tree = Signals.TreeOf(_process.Id);
            foreach (var processId in tree) Signals.Send(processId, Signals.Kill);
            await Eventually.TrueAsync(() => !tree.Any(Signals.IsAlive), $"{Name} is gone", GoneWithin);
        }
        await ForgetAsync();
    }

    /// <summary>SIGSTOP, to its children too; returns when it stands still.</summary>
    public async Task FreezeAsync()
    {
        if (ProcessId is not { } processId) return;
        Signals.SendToTree(processId, Signals.Stop);
        _isFrozen = true;
        await Eventually.TrueAsync(
            () => _process!.HasExited || Signals.IsStopped(processId), $"{Name} stands still", GoneWithin);
    }

    /// <summary>Whether it stands still, by the rig's doing or its own.</summary>
    public bool IsStopped() => ProcessId is { } processId && Signals.IsStopped(processId);

    /// <summary>SIGCONT, to its children too.</summary>
    public void Thaw()
    {
        _isFrozen = false;
        if (ProcessId is { } processId) Signals.SendToTree(processId, Signals.Continue);
    }

    /// <summary>SIGTERM and, after <paramref name="grace"/>, SIGKILL.</summary>
    /// <returns>Whether it ended by itself in that time.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        if (_process is null) return true;
        Thaw();
        if (ProcessId is { } processId) Signals.Send(processId, Signals.Terminate);
        var process = _process;
        if (await Eventually.TryAsync(() => Task.FromResult(process.HasExited), grace))
        {
            await ForgetAsync();
            return true;
        }
        await KillAsync();
        return false;
    }

    /// <summary>The end of what it wrote.</summary>
    public string LogTail(int linesMax = 30) =>
        File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(linesMax)) : "(no log)";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    private async Task ForgetAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        _isFrozen = false;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await command.IsReady(cancellationToken).WaitAsync(ProbeWithin, cancellationToken);
        }
        catch (Exception refused) when (!cancellationToken.IsCancellationRequested)
        {
            _refused = refused; // Not yet: the bound on readiness says when it is too late.
            return false;
        }
    }

    private InvalidOperationException Failed(string what) =>
        new($"{Name} {what}; the end of {LogFile}:\n{LogTail()}", _refused);
}
