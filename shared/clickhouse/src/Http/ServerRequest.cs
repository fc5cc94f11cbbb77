namespace Tributary.ClickHouse.Http;

/// <summary>
/// One request: a statement, what goes with it, and whether it may be repeated when its outcome is unknown.
/// </summary>
internal sealed record ServerRequest(string Statement)
{
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The rows of an insert; then the statement goes into the address.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    public string Format { get; init; } = "Native";

    public string QueryId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>
    /// Repeating changes nothing: it only reads, or its block carries a token that the server knows it by.
    /// </summary>
    public bool IsSafeToRepeat { get; init; }

    public TimeSpan? Timeout { get; init; }
}
