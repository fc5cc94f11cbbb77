namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// Where in a body a value stands: a string without its quotes, a number or a whole object as it is written. The
/// default is no value, which is the same as an empty one.
/// </summary>
internal readonly struct Slice(int start, int length, bool isEscaped)
{
    private readonly int _length = isEscaped ? ~length : length;

    public int Start { get; } = start;

    public int Length => _length < 0 ? ~_length : _length;

    /// <summary>It holds backslashes that stand for something else.</summary>
    public bool IsEscaped => _length < 0;

    public bool IsEmpty => _length is 0 or -1;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
}
