using System.Globalization;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing.Crashes;

namespace Tributary.FirstLight;

/// <summary>Where an event must come out once: the topic as readers see it, the table, and its views' sums.</summary>
internal static class Outlets
{
    // A person's rows in the order of their numbers: a table has no other order that a sender could promise.
    private const string Rows = """
        select message_id
        from events
        where organisation = '{0}'
        order by anonymous_id, length(message_id), message_id
        """;

    private const string SumsByName = """
        select event, sum(events)
        from events_hourly
        where organisation = '{0}'
        group by event
        """;

    private const string SumsByPerson = """
        select person, sum(events)
        from users_daily
        where organisation = '{0}'
        group by person
        """;

    /// <summary>In the order of an event's way.</summary>
    public static IReadOnlyList<Outlet> Of(House house) =>
    [
        new KafkaOutlet(house.Kafka.Address, Topics.Events.Name, IdsOf, SourceOf).Named("topic"),
        new("rows", cancellationToken => RowsAsync(house, cancellationToken)),
        new("hourly", cancellationToken => SumsAsync(house, SumsByName, cancellationToken)),
        new("people", cancellationToken => SumsAsync(house, SumsByPerson, cancellationToken)),
    ];

    private static async Task<IReadOnlyList<Sighting>> RowsAsync(House house, CancellationToken cancellationToken)
    {
        var lines = await LinesAsync(house, Rows, cancellationToken);
        return [.. lines.Select(line => new Sighting(line, "a row"))];
    }

    // A sum of three stands for the first three ids of its person: one too few or too many shows as the last of them.
    private static async Task<IReadOnlyList<Sighting>> SumsAsync(
        House house, string query, CancellationToken cancellationToken)
    {
        var lines = await LinesAsync(house, query, cancellationToken);
        return
        [
            .. from line in lines
               let cells = line.Split('\t')
               let sum = int.Parse(cells[1], CultureInfo.InvariantCulture)
               from sequence in Enumerable.Range(0, sum)
               select new Sighting(KafkaLoad.IdOf(cells[0], sequence), $"a sum of {sum}"),
        ];
    }

    private static async Task<string[]> LinesAsync(House house, string query, CancellationToken cancellationToken)
    {
        var asked = string.Format(CultureInfo.InvariantCulture, query, house.Tenant.Organisation);
        var text = await house.AskAsync(asked, cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<string> IdsOf(Confluent.Kafka.Message<string, byte[]> message) =>
        [Event.Parser.ParseFrom(message.Value).MessageId];

    private static RecordSource? SourceOf(Confluent.Kafka.Headers headers) =>
        SourcePosition.Of([.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))])
            is { } source
            ? new(source.Source, source.Position)
            : null;
}
