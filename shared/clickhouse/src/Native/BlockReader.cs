namespace Tributary.ClickHouse.Native;

/// <summary>A result, block by block. Used by one thread at a time; disposing it early ends the query.</summary>
public sealed class BlockReader : IAsyncDisposable, IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly Stream body;
    private readonly NativeInput input;

    internal BlockReader(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        this.body = body;
        input = new NativeInput(body);
    }

    /// <summary>The block that was read last. Its columns are the same objects from block to block.</summary>
    public Block Block { get; } = new();

    /// <summary>
    /// Reads the next block; false at the end. An error that the server met on the way is thrown here.
    /// </summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => Block.ReadAsync(input, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
