using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tributary.Standalone.Children;

/// <summary>
/// Starts processes on one thread that lives as long as this process does. The system ends a child with the thread that
/// started it (PR_SET_PDEATHSIG), and the pool's threads come and go.
/// </summary>
internal sealed class StartingThread : IDisposable
{
    private readonly BlockingCollection<Action> _starts = new(boundedCapacity: 64); // Read by the thread below alone.

    public StartingThread() => new Thread(Work) { IsBackground = true, Name = nameof(StartingThread) }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The program could not be started.</exception>
    public Task<Process> StartAsync(ProcessStartInfo program)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(program)!);
            }
            catch (Exception fault)
            {
                started.SetException(fault);
            }
        });
        return started.Task;
    }

    public void Dispose() => _starts.CompleteAdding();

    private void Work()
    {
        foreach (var start in _starts.GetConsumingEnumerable()) start();
        _starts.Dispose();
    }
}
