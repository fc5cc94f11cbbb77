using Google.Protobuf;

namespace Tributary.Contracts;

/// <summary>
/// How keys are written: the organisation as a UUID in lower case with dashes, a slash, and what is in order within
/// the organisation. The first part is of fixed length, so no two pairs make one key.
/// </summary>
public static class TopicKey
{
    /// <summary>A key of an organisation's thing, named by a string of the outside world.</summary>
    public static string Of(ByteString organisation, string name) => $"{Uuid(organisation)}/{name}";

    /// <summary>A key of an organisation's thing, named by a UUID of ours.</summary>
    public static string Of(ByteString organisation, ByteString id) => $"{Uuid(organisation)}/{Uuid(id)}";

    /// <summary>A key of the organisation itself.</summary>
    public static string Of(ByteString organisation) => Uuid(organisation);

    private static string Uuid(ByteString bytes) => bytes.Length == 16
        ? new Guid(bytes.Span, bigEndian: true).ToString("D")
        : throw new ArgumentException($"a UUID has 16 bytes, this has {bytes.Length}", nameof(bytes));
}
