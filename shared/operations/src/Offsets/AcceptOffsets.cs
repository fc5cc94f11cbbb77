using System.Globalization;
using Tributary.Streaming.Clients;

namespace Tributary.Operations.Offsets;

/// <summary>Where an operator wants a reader to go on.</summary>
internal abstract record AcceptAt
{
    private AcceptAt() { }

    public sealed record Earliest : AcceptAt;
    public sealed record Latest : AcceptAt;
    public sealed record Offset(long Value) : AcceptAt;

    public static AcceptAt Parse(string text) => text switch
    {
        "earliest" => new Earliest(),
        "latest" => new Latest(),
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) =>
            new Offset(offset),
        _ => throw new UsageException($"--at is earliest, latest or an offset, not '{text}'"),
    };

    public long In(LogRange log, string place) => this switch
    {
        Earliest => log.Earliest,
        Latest => log.End,
        Offset(var offset) when offset >= log.Earliest && offset <= log.End => offset,
        Offset(var offset) => throw new OperationRefusedException(
            $"{place} holds {log.Earliest} to {log.End}; {offset} is outside"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <param name="Partition">Null: each that the consumers have read.</param>
/// <param name="Consumer">Null: each that reads the topic.</param>
internal sealed record AcceptRequest(
    string Service, string Topic, int? Partition, AcceptAt At, string? Consumer, bool IsMeant);

/// <summary><c>offsets accept</c>: moves stored offsets, once it is said what that leaves out or repeats.</summary>
internal sealed class AcceptOffsets(Servers servers, TextWriter output)
{
    private const int NotMeantYet = 3;

    public async Task<int> RunAsync(AcceptRequest request, CancellationToken cancellationToken)
    {
        var tables = new OffsetTables(servers.Offsets);
        var rows = (await tables.LoadAsync(request.Service, cancellationToken)).Where(row =>
            row.Topic == request.Topic
            && (request.Partition ?? row.Stored.Partition) == row.Stored.Partition
            && (request.Consumer ?? row.Consumer) == row.Consumer).ToArray();
        if (rows.Length == 0)
            throw new OperationRefusedException($"no consumer of {request.Service} has read that of {request.Topic}");

        var places = await ReadersPlaces.OfAsync(rows, servers, cancellationToken);
        List<OffsetMove> moves = [];
        foreach (var place in places)
        {
            if (place.TopicId == Guid.Empty)
                throw new OperationRefusedException($"{place.Stop}; there is nothing to go on with");
            var move = new OffsetMove(
                place.Row, place.TopicId, request.At.In(place.Log, $"{request.Topic}[{place.Row.Stored.Partition}]"));
            moves.Add(move);
            await output.WriteLineAsync(Consequence(place, move));
        }
        if (!request.IsMeant)
        {
            await output.WriteLineAsync("Nothing was changed. If this is meant, repeat it with --yes.");
            return NotMeantYet;
        }
        await tables.MoveAsync(request.Service, moves, cancellationToken);
        await output.WriteLineAsync("Done. Stopped readers go on within 30 s.");
        return 0;
    }

    private static string Consequence(ReaderPlace place, OffsetMove move)
    {
        var (stored, to) = (place.Row.Stored, move.To);
        var who = $"{place.Row.Consumer}: {place.Row.Topic}[{stored.Partition}]";
        if (stored.TopicId != place.TopicId)
            return $"{who} was made anew: what was not read of the old topic (from {stored.NextOffset}) is never "
                + "handled, "
                + (to > place.Log.Earliest ? $"nor are records {place.Log.Earliest} to {to - 1} of the new one; " : "")
                + $"it goes on at {to} of {place.Log.End}";
        if (to > stored.NextOffset)
            return $"{who} goes on at {to}: records {stored.NextOffset} to {to - 1} are never handled";
        if (to < stored.NextOffset)
            return $"{who} goes back to {to}: records {to} to {Math.Min(stored.NextOffset, place.Log.End) - 1} are "
                + "handled again, and count again, but for those whose source position was kept";
        return $"{who} stays at {to}";
    }
}
