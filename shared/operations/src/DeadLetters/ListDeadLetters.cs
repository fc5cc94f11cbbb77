using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Streaming.Writing;

namespace Tributary.Operations.DeadLetters;

/// <summary><c>dead list</c> and <c>dead show</c>.</summary>
internal sealed class ListDeadLetters(Servers servers, TextWriter output)
{
    private static readonly UTF8Encoding StrictText = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<int> RunAsync(
        string service, DeadLetterFilter filter, long after, int limit, bool asJson,
        CancellationToken cancellationToken)
    {
        List<FoundLetter> page = [];
        var isMore = false;
        await foreach (var found in new DeadLetterTopic(servers, service).ReadAsync(after, cancellationToken))
        {
            if (!filter.Includes(found)) continue;
            isMore = page.Count == limit;
            if (isMore) break;
            page.Add(found);
        }
        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(
                new { letters = page.Select(Summary), next = isMore ? page[^1].Offset : (long?)null }, Printing.Json));
            return 0;
        }
        await Printing.TableAsync(
            output,
            ["OFFSET", "DIED", "CONSUMER", "REASON", "ATTEMPTS", "FROM", "DETAIL"],
            page.Select(found => new object?[]
            {
                found.Offset, TimeOf(found.DiedAt), found.Letter.Consumer, found.Letter.Reason, found.Letter.Attempts,
                $"{found.Letter.Topic}[{found.Letter.Origin.Partition}]@{found.Letter.Origin.Offset}",
                found.Letter.Detail,
            }));
        if (isMore) await output.WriteLineAsync($"There are more: --after {page[^1].Offset}");
        return 0;
    }

    public async Task<int> ShowAsync(string service, long offset, bool asJson, CancellationToken cancellationToken)
    {
        await foreach (var found in new DeadLetterTopic(servers, service).ReadAsync(offset - 1, cancellationToken))
        {
            if (found.Offset != offset) break;
            var whole = Whole(found);
            await output.WriteLineAsync(asJson
                ? JsonSerializer.Serialize(whole, Printing.Json)
                : string.Join('\n', whole.Select(pair => $"{pair.Key + ':',-14}{Shown(pair.Value)}")));
            return 0;
        }
        throw new OperationRefusedException($"{service} has no dead letter at {offset}");
    }

    private static Dictionary<string, object?> Summary(FoundLetter found) => new()
    {
        ["offset"] = found.Offset,
        ["diedAt"] = TimeOf(found.DiedAt),
        ["consumer"] = found.Letter.Consumer,
        ["reason"] = found.Letter.Reason,
        ["detail"] = found.Letter.Detail,
        ["attempts"] = found.Letter.Attempts,
        ["topic"] = found.Letter.Topic,
        ["topicId"] = found.Letter.Origin.TopicId,
        ["partition"] = found.Letter.Origin.Partition,
        ["originOffset"] = found.Letter.Origin.Offset,
    };

    private static Dictionary<string, object?> Whole(FoundLetter found) => new(Summary(found))
    {
        ["recordTime"] = TimeOf(found.Letter.Time),
        ["key"] = TextOf(found.Letter.Key),
        ["headers"] = found.Letter.Headers
            .Select(header => new { name = header.Name, value = HeaderOf(header) }).ToArray(),
        ["valueBytes"] = found.Letter.Value.Length,
        ["value"] = TextOf(found.Letter.Value),
    };

    private static string? HeaderOf(Streaming.RecordHeader header) =>
        header.Name == SourcePosition.HeaderName && SourcePosition.Of([header]) is { } place
            ? $"{place.Source:N}@{place.Position}"
            : TextOf(header.Value.ToArray());

    /// <summary>Text where it is text; otherwise the bytes in base64, and said so.</summary>
    private static string? TextOf(byte[]? bytes)
    {
        if (bytes is null) return null;
        try
        {
            var text = StrictText.GetString(bytes);
            if (!text.Any(one => char.IsControl(one) && one is not ('\n' or '\r' or '\t'))) return text;
        }
        catch (DecoderFallbackException)
        {
            // Not text.
        }
        return $"base64:{Convert.ToBase64String(bytes)}";
    }

    private static string Shown(object? value) => value switch
    {
        null => "-",
        string text => Printing.OneLine(text),
        System.Collections.IEnumerable or not IFormattable => JsonSerializer.Serialize(value, value.GetType()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
    };

    private static string TimeOf(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
