using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Reading;

/// <summary>An event that is to be handled: where it was first, and how often it was rejected before.</summary>
internal readonly record struct PlannedEvent<TEvent>(TEvent Event, Record Record, Origin Origin, int AttemptsBefore);

/// <summary>A record that no handler can be asked about.</summary>
internal readonly record struct UndecodableRecord(Record Record, Origin Origin, int AttemptsBefore, string Detail);

/// <summary>What is to be done with the records of a batch. Each record is in exactly one part of it.</summary>
internal sealed class BatchPlan<TEvent>(IReadOnlyDictionary<Guid, long> positions)
{
    private readonly Dictionary<Guid, long> _positions = new(positions);
    private readonly Dictionary<string, int> _skipped = [];

    public List<PlannedEvent<TEvent>> Events { get; } = [];

    public List<UndecodableRecord> Undecodable { get; } = [];

    public IReadOnlyDictionary<string, int> Skipped => _skipped;

    /// <summary>The highest position of each source, once the batch is kept.</summary>
    public IReadOnlyDictionary<Guid, long> Positions => _positions;

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    /// <summary>True when this place was not kept yet; it counts as kept from now on.</summary>
    public bool IsNew(SourcePosition place)
    {
        if (_positions.TryGetValue(place.Source, out var highest) && place.Position <= highest) return false;
        _positions[place.Source] = place.Position;
        return true;
    }

    public void Decode(Func<byte[], TEvent> decode, Record record, Origin origin, int attemptsBefore)
    {
        if (record.Value is not { } value)
        {
            Undecodable.Add(new(record, origin, attemptsBefore, "the record has no value"));
            return;
        }
        TEvent decoded;
        try
        {
            decoded = decode(value);
        }
        catch (Exception exception) // Whatever a parser throws at bytes: it would throw it again.
        {
            Undecodable.Add(new(record, origin, attemptsBefore, $"{exception.GetType().Name}: {exception.Message}"));
            return;
        }
        Events.Add(new(decoded, record, origin, attemptsBefore));
    }
}

/// <summary>Decides what is to be done with the records of a batch.</summary>
internal interface IBatchPlanner<TEvent>
{
    ValueTask<BatchPlan<TEvent>> PlanAsync(
        IReadOnlyList<Record> records, StoredOffset stored, CancellationToken cancellationToken);
}

/// <summary>
/// For a topic: what is not above the highest position kept of its source was read before, and is skipped.
/// </summary>
internal sealed class LogPlanner<TEvent>(Func<byte[], TEvent> decode) : IBatchPlanner<TEvent>
{
    public ValueTask<BatchPlan<TEvent>> PlanAsync(
        IReadOnlyList<Record> records, StoredOffset stored, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Plan(records, stored));

    public BatchPlan<TEvent> Plan(IReadOnlyList<Record> records, StoredOffset stored)
    {
        var plan = new BatchPlan<TEvent>(stored.Positions);
        foreach (var record in records)
        {
            if (SourcePosition.Of(record.Headers) is { } place && !plan.IsNew(place))
                plan.Skip("position");
            else
                plan.Decode(decode, record, new(stored.TopicId, record.Partition, record.Offset), attemptsBefore: 0);
        }
        return plan;
    }
}

/// <summary>
/// For the retry topic: a record is its consumer's alone, and only while its origin is rejected and not applied. The
/// positions that a retried record came with are its past; its origin is what makes it count once.
/// </summary>
internal sealed class RetryPlanner<TEvent>(
    string consumer, string topic, IOffsetStore offsets, Func<byte[], TEvent> decode) : IBatchPlanner<TEvent>
{
    public async ValueTask<BatchPlan<TEvent>> PlanAsync(
        IReadOnlyList<Record> records, StoredOffset stored, CancellationToken cancellationToken)
    {
        var letters = records.Select(DeadLetter.Read).ToArray();
        Origin[] mine = [.. letters.OfType<DeadLetter>().Where(IsMine).Select(letter => letter.Origin).Distinct()];
        var open = mine.Length == 0
            ? []
            : (await offsets.OpenOriginsAsync(consumer, mine, cancellationToken)).ToHashSet();

        var plan = new BatchPlan<TEvent>(stored.Positions);
        foreach (var letter in letters)
        {
            if (letter is null) plan.Skip("not-a-retry");
            else if (!IsMine(letter)) plan.Skip("other-consumer");
            else if (!open.Remove(letter.Origin)) plan.Skip("already-applied"); // Removed: once in this batch, too.
            else plan.Decode(decode, AsItWas(letter), letter.Origin, letter.Attempts);
        }
        return plan;
    }

    private bool IsMine(DeadLetter letter) => letter.Consumer == consumer && letter.Topic == topic;

    private static Record AsItWas(DeadLetter letter) =>
        new(letter.Origin.Partition, letter.Origin.Offset, letter.Time, letter.Key, letter.Value, letter.Headers);
}
