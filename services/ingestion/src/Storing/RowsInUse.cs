using System.Collections.Concurrent;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// The memory that blocks are made in: so many at once and no more, each used again. Whoever has none waits.
/// </summary>
internal sealed class RowsInUse(Func<IRows> make, int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most, most);
    private readonly ConcurrentBag<IRows> _rows = [];

    public async Task<IRows> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return _rows.TryTake(out var rows) ? rows : make();
    }

    public void Return(IRows rows)
    {
        rows.Clear();
        _rows.Add(rows);
        _free.Release();
    }

    public void Dispose() => _free.Dispose();
}
