using System.Globalization;
using System.Text;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.DeadLetters;

/// <summary>
/// A record that a consumer could not handle, with what is needed to understand it and to try it again. It may be
/// written more than once for one origin; what counts is the origin.
/// </summary>
public sealed record DeadLetter(
    Origin Origin,
    string Topic,
    string Consumer,
    string Reason,
    string? Detail,
    int Attempts,
    DateTimeOffset Time,
    byte[]? Key,
    byte[] Value,
    IReadOnlyList<RecordHeader> Headers)
{
    private const int TextCharactersMax = 1_000;

    /// <summary>The dead letters of a service.</summary>
    public static string TopicOf(string service) => $"dead.{service}";

    /// <summary>What a service is to try again.</summary>
    public static string RetryTopicOf(string service) => $"retry.{service}";

    /// <summary>As it lies in the topic of dead letters or of retries. A tombstone is kept as an empty value.</summary>
    public OutgoingRecord ToRecord(string topic) => new(topic, Encoding.ASCII.GetBytes(Origin.ToString()), Value)
    {
        Headers =
        [
            .. Headers,
            Text(DeadLetterHeaders.Origin, Origin.ToString()),
            Text(DeadLetterHeaders.Topic, Topic),
            .. Key is null ? Array.Empty<RecordHeader>() : [new RecordHeader(DeadLetterHeaders.Key, Key)],
            Text(DeadLetterHeaders.Time, Number(Time.ToUnixTimeMilliseconds())),
            Text(DeadLetterHeaders.Consumer, Consumer),
            Text(DeadLetterHeaders.Reason, Cut(Reason)),
            .. Detail is null ? Array.Empty<RecordHeader>() : [Text(DeadLetterHeaders.Detail, Cut(Detail))],
            Text(DeadLetterHeaders.Attempts, Number(Attempts)),
        ],
    };

    /// <summary>Null when the record is none: it was not written by <see cref="ToRecord"/>.</summary>
    public static DeadLetter? Read(Record record)
    {
        if (!Streaming.Origin.TryParse(TextOf(record, DeadLetterHeaders.Origin), out var origin)) return null;
        if (TextOf(record, DeadLetterHeaders.Topic) is not { } topic) return null;
        if (TextOf(record, DeadLetterHeaders.Consumer) is not { } consumer) return null;
        return new DeadLetter(
            origin,
            topic,
            consumer,
            TextOf(record, DeadLetterHeaders.Reason) ?? "",
            TextOf(record, DeadLetterHeaders.Detail),
            int.TryParse(TextOf(record, DeadLetterHeaders.Attempts), CultureInfo.InvariantCulture, out var attempts)
                ? Math.Max(attempts, 1)
                : 1,
            TimeOf(record),
            ValueOf(record, DeadLetterHeaders.Key)?.ToArray(),
            record.Value ?? [],
            [.. record.Headers.Where(header => !DeadLetterHeaders.Includes(header))]);
    }

    private static DateTimeOffset TimeOf(Record record)
    {
        var text = TextOf(record, DeadLetterHeaders.Time);
        return long.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : record.Time;
    }

    private static string Cut(string text) => text.Length <= TextCharactersMax ? text : text[..TextCharactersMax];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static RecordHeader Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static string? TextOf(Record record, string name) =>
        ValueOf(record, name) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private static ReadOnlyMemory<byte>? ValueOf(Record record, string name)
    {
        for (var index = record.Headers.Count - 1; index >= 0; index--)
        {
            if (record.Headers[index].Name == name) return record.Headers[index].Value;
        }
        return null;
    }
}
