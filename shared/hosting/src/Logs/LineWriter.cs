using System.Buffers;

namespace Tributary.Hosting.Logs;

/// <summary>
/// Takes finished lines from any thread and writes them on one of its own, so that a request does not wait for a
/// pipe. Bounded: a full buffer makes callers wait. Dispose returns when the last line is written, or when whoever
/// reads the lines has taken none for <see cref="Patience"/>.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _writing = new();
    private readonly object _gate = new();
    private readonly Stream _output;
    private readonly int _waitingBytesMax;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _waiting = new(65_536);
    private ArrayBufferWriter<byte> _beingWritten = new(65_536);
    private bool _closed;

    public LineWriter(Stream output, int waitingBytesMax)
    {
        _output = output;
        _waitingBytesMax = waitingBytesMax;
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = "log lines" };
        _thread.Start();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit; // A crash or Environment.Exit skips Dispose.
        AppDomain.CurrentDomain.UnhandledException += OnProcessExit;
    }

    /// <summary>The line with its newline. After Dispose it is written at once, by the caller.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        bool closed;
        lock (_gate)
        {
            while (!_closed && _waiting.WrittenCount > _waitingBytesMax) Monitor.Wait(_gate);
            _waiting.Write(line);
            closed = _closed;
            if (!closed && _waiting.WrittenCount == line.Length) Monitor.PulseAll(_gate);
        }
        if (closed) WriteWhatIsLeft();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join(Patience);
        WriteWhatIsLeft();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException -= OnProcessExit;
    }

    private void OnProcessExit(object? sender, EventArgs raised) => WriteWhatIsLeft();

    private void WriteUntilClosed()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_closed && _waiting.WrittenCount == 0) Monitor.Wait(_gate);
                if (_closed) return;
            }
            lock (_writing) WriteWaiting();
        }
    }

    private void WriteWhatIsLeft()
    {
        if (!_writing.TryEnter(Patience)) return; // A reader that takes nothing must not hold up the end.
        try
        {
            WriteWaiting();
        }
        finally
        {
            _writing.Exit();
        }
    }

    /// <summary>Needs _writing.</summary>
    private void WriteWaiting()
    {
        lock (_gate)
        {
            (_waiting, _beingWritten) = (_beingWritten, _waiting);
            Monitor.PulseAll(_gate); // There is room again.
        }
        try
        {
            _output.Write(_beingWritten.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads standard output any more: a service lives on without its log.
        }
        _beingWritten.ResetWrittenCount();
    }
}
