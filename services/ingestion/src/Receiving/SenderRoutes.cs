namespace Tributary.Ingestion.Receiving;

/// <summary>A path that senders post to, and what it says of their events' type.</summary>
/// <param name="Type">Null where each event of a batch says it itself.</param>
internal sealed record SenderRoute(string Path, byte[]? Type)
{
    public bool IsBatch => Type is null;

    /// <summary>RudderStack's, and Segment's for servers; then those of Segment's browser.</summary>
    public static IReadOnlyList<SenderRoute> All { get; } =
    [
        new("/v1/track", [.. "track"u8]), new("/v1/identify", [.. "identify"u8]), new("/v1/page", [.. "page"u8]),
        new("/v1/screen", [.. "screen"u8]), new("/v1/group", [.. "group"u8]), new("/v1/alias", [.. "alias"u8]),
        new("/v1/merge", [.. "merge"u8]), new("/v1/batch", Type: null), new("/beacon/v1/batch", Type: null),

        new("/v1/t", [.. "track"u8]), new("/v1/i", [.. "identify"u8]), new("/v1/p", [.. "page"u8]),
        new("/v1/s", [.. "screen"u8]), new("/v1/g", [.. "group"u8]), new("/v1/a", [.. "alias"u8]),
        new("/v1/b", Type: null),
    ];
}
