using System.Threading.Channels;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Events on this machine's own disk, in the order in which they came, until the log has them. Whatever comes while a
/// write is on its way to the disk goes with the next one, so that a flush serves many. Files are removed when the log
/// has all of them; after a stop what was left of one is sent again, which is harmless, because its message ids are.
/// </summary>
internal sealed partial class Spool : IDisposable
{
    private const int GroupBytesMax = 16 << 20; // What waits for a slow disk is held in memory.
    private readonly SpoolOptions _options;
    private readonly SpooledPersons _persons;
    private readonly ILogger<Spool> _logger;
    private readonly Lock _lock = new();
    private readonly LinkedList<SpoolFile> _files = [];
    private readonly Channel<bool> _written = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly AutoResetEvent _waiting = new(initialState: false);
    private readonly Thread _writer;
    private SpoolGroup _group = new();
    private SpoolFile? _current;
    private SpoolFile? _writing;
    private long _bytes;
    private volatile bool _isStopping;

    /// <summary>Takes up what an earlier process left. The folder is this process's alone.</summary>
    public Spool(SpoolOptions options, SpooledPersons persons, ILogger<Spool> logger)
    {
        (_options, _persons, _logger) = (options, persons, logger);
        Directory.CreateDirectory(options.Folder);
        foreach (var file in SpoolFile.OpenAll(options.Folder))
        {
            if (file.Recover(persons) is > 0 and var cut) CutOff(file.Path, cut);
            if (file.End == 0)
            {
                file.Remove();
                continue;
            }
            _files.AddLast(file);
            _bytes += file.End;
        }
        if (_bytes > 0) Recovered(_files.Count, _bytes);
        _writer = new Thread(Write) { IsBackground = true, Name = "spool" };
        _writer.Start();
    }

    /// <summary>What it holds, and what is on its way to the disk.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>
    /// Completes when the events are on the disk, or are not. Who they are of was noted before. The event is the
    /// caller's again when this returns.
    /// </summary>
    public Task<Outcome> AppendAsync(Parcel parcel, IReadOnlyList<int> events)
    {
        var length = 0L;
        foreach (var index in events)
            length += SpoolRecord.LengthOf(parcel.Places[index].KeyLength, parcel.Places[index].ValueLength);
        var hasRoom = Interlocked.Add(ref _bytes, length) <= _options.BytesMax && !_isStopping;
        lock (_lock)
        {
            if (hasRoom && _group.Length + length <= GroupBytesMax)
            {
                _group.Add(parcel, events);
                _waiting.Set();
                return _group.Completion;
            }
        }
        Forget(length, parcel, events);
        return Task.FromResult<Outcome>(new Outcome.NotNow("the spool is full, or its disk is slow"));
    }

    /// <summary>The oldest file.</summary>
    public SpoolFile? First
    {
        get
        {
            lock (_lock) return _files.First?.Value;
        }
    }

    /// <summary>All of them now, the oldest first; one that is removed meanwhile can't be read any more.</summary>
    public IReadOnlyList<SpoolFile> Files
    {
        get
        {
            lock (_lock) return [.. _files];
        }
    }

    /// <summary>Completes when the oldest file may hold more than so many bytes.</summary>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        if (First is not { } file || file.End <= bytes) await _written.Reader.ReadAsync(cancellationToken);
    }

    /// <summary>Removes the oldest file when the log has all of it, and nothing is being written behind that.</summary>
    public bool TryRemoveFirst(SpoolFile file, long sent)
    {
        lock (_lock)
        {
            if (file.End > sent || file == _writing || sent == 0) return false;
            if (file == _current) _current = null;
            _files.RemoveFirst();
        }
        Interlocked.Add(ref _bytes, -sent);
        file.Remove();
        return true;
    }

    public void Dispose()
    {
        _isStopping = true;
        _waiting.Set();
        _writer.Join();
        lock (_lock)
        {
            foreach (var file in _files) file.Dispose();
        }
    }

    private void Write()
    {
        while (true)
        {
            SpoolGroup group;
            lock (_lock) (group, _group) = (_group, new SpoolGroup());
            if (group.Length == 0)
            {
                if (_isStopping) return;
                _waiting.WaitOne();
                continue;
            }
            group.Complete(Write(group));
            _written.Writer.TryWrite(true);
        }
    }

    private Outcome Write(SpoolGroup group)
    {
        try
        {
            FileFor(group.Length).Append(group.Records);
            lock (_lock) _writing = null;
            return Outcome.InSpool;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotWritten(exception, group.Length);
            lock (_lock) _current = _writing = null; // Nothing is written behind what failed.
            Interlocked.Add(ref _bytes, -group.Length);
            foreach (var place in group.Persons) _persons.Remove(place);
            return new Outcome.Unknown("the spool could not be written");
        }
    }

    private SpoolFile FileFor(int length)
    {
        lock (_lock)
        {
            if (_current is { } current && current.End + length <= _options.FileBytesMax) return _writing = current;
            // A file in which nothing could be written is the same as none.
            if (_files.Last is { Value.End: 0 } empty) return _writing = _current = empty.Value;
            _writing = _current = SpoolFile.Create(_options.Folder, (_files.Last?.Value.Number ?? 0) + 1);
            _files.AddLast(_current);
            return _current;
        }
    }

    private void Forget(long length, Parcel parcel, IReadOnlyList<int> events)
    {
        Interlocked.Add(ref _bytes, -length);
        foreach (var index in events) _persons.Remove(SpooledPersons.PlaceOf(parcel.Key(index)));
    }

    [LoggerMessage(LogLevel.Information, "Took up {Files} files of {Bytes} bytes that wait for Kafka")]
    private partial void Recovered(int files, long bytes);

    [LoggerMessage(LogLevel.Warning, "Cut off {Bytes} bytes of {File}, which were never answered for")]
    private partial void CutOff(string file, long bytes);

    [LoggerMessage(LogLevel.Error, "The spool could not write {Bytes} bytes; senders are told to come again")]
    private partial void NotWritten(Exception exception, int bytes);
}
