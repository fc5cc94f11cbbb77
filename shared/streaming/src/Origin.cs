using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tributary.Streaming;

/// <summary>The one place where a record was first written; names it in dead letters and retries.</summary>
public readonly record struct Origin(Guid TopicId, int Partition, long Offset)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{TopicId:N}:{Partition}:{Offset}");

    public static bool TryParse([NotNullWhen(true)] string? text, out Origin origin)
    {
        origin = default;
        if (text?.Split(':') is not [var id, var partition, var offset]) return false;
        if (!Guid.TryParseExact(id, "N", out var topicId)) return false;
        if (!int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (!long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return false;
        origin = new Origin(topicId, number, position);
        return true;
    }
}
