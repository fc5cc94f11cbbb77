using System.Text.Json;

namespace Tributary.Operations.Offsets;

/// <summary><c>offsets show</c>: where each reader goes on, and what stops it.</summary>
internal sealed class ShowOffsets(Servers servers, TextWriter output)
{
    public async Task<int> RunAsync(string? service, bool asJson, CancellationToken cancellationToken)
    {
        var rows = await new OffsetTables(servers.Offsets).LoadAsync(service, cancellationToken);
        var places = await ReadersPlaces.OfAsync(rows, servers, cancellationToken);
        if (asJson) await output.WriteLineAsync(Json(places));
        else await PrintAsync(places);
        return 0;
    }

    private static string Json(IEnumerable<ReaderPlace> places) => JsonSerializer.Serialize(
        places.Select(place => new
        {
            service = place.Row.Service,
            consumer = place.Row.Consumer,
            topic = place.Row.Topic,
            partition = place.Row.Stored.Partition,
            next = place.Row.Stored.NextOffset,
            earliest = place.Log.Earliest,
            end = place.Log.End,
            lag = LagOf(place),
            positions = place.Row.Stored.Positions,
            stop = place.Stop,
        }),
        Printing.Json);

    private async Task PrintAsync(IReadOnlyList<ReaderPlace> places)
    {
        await Printing.TableAsync(
            output,
            ["SERVICE", "CONSUMER", "TOPIC", "PARTITION", "NEXT", "EARLIEST", "END", "LAG", ""],
            places.Select(place => new object?[]
            {
                place.Row.Service, place.Row.Consumer, place.Row.Topic, place.Row.Stored.Partition,
                place.Row.Stored.NextOffset, place.Log.Earliest, place.Log.End, LagOf(place),
                place.Stop is null ? "" : "stopped",
            }));
        foreach (var place in places.Where(place => place.Stop is not null)) await output.WriteLineAsync(place.Stop);
    }

    private static long? LagOf(ReaderPlace place) =>
        place.Stop is null ? place.Log.End - place.Row.Stored.NextOffset : null;
}
