namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>The part of a result that waits for the head: up to 16 MiB in memory, beyond that in a file.</summary>
internal sealed class HeldBack(long limit) : IAsyncDisposable
{
    private const int MemoryMax = 16 * 1024 * 1024;
    private MemoryStream memory = new();
    private FileStream? file;
    private bool moved;

    /// <summary>False, with nothing added, when the limit is passed.</summary>
    public async ValueTask<bool> TryAddAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (memory.Length + (file?.Length ?? 0) + content.Length > limit) return false;
        if (file is null && memory.Length + content.Length <= MemoryMax)
        {
            memory.Write(content.Span);
            return true;
        }

        file ??= new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None,
            64 * 1024,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await file.WriteAsync(content, cancellationToken);
        return true;
    }

    public async Task MoveToAsync(Stream target, CancellationToken cancellationToken)
    {
        if (moved) return;
        moved = true;
        await target.WriteAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), cancellationToken);
        memory = new MemoryStream();
        if (file is null) return;
        file.Position = 0;
        await file.CopyToAsync(target, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (file is not null) await file.DisposeAsync();
    }
}
