using Google.Protobuf;
using Tributary.Contracts.V1;
using Tributary.Postgres;
using Tributary.Postgres.Offsets;
using Tributary.Streaming;
using Tributary.Testing.Crashes;

namespace Tributary.Counter;

/// <summary>A row per event, a sum per person, the offset and a message of it: one transaction.</summary>
internal sealed class CountEvents(
    [FromKeyedServices(CounterTopics.Service)] ServiceDatabase database,
    [FromKeyedServices(CounterTopics.Service)] PostgresOffsets offsets) : IBatchHandler<Event>
{
    private const string InsertHandled = """
        insert into handled (organisation, message_id, place)
        select organisation, message_id, place
        from unnest(@organisations, @ids, @places) with ordinality as event (organisation, message_id, place, number)
        order by number
        """;

    private const string AddToTally = """
        insert into tally (organisation, person, events)
        select organisation, person, count(*)
        from unnest(@organisations, @people) as event (organisation, person)
        group by organisation, person
        order by organisation, person
        on conflict (organisation, person) do update set events = tally.events + excluded.events
        """;

    public async ValueTask HandleAsync(Batch<Event> batch, CancellationToken cancellationToken)
    {
        CrashPoint.Reach(Steps.BatchRead);
        var columns = new
        {
            organisations = batch.Events.Select(OrganisationOf).ToArray(),
            ids = batch.Events.Select(read => read.MessageId).ToArray(),
            people = batch.Events.Select(read => read.AnonymousId).ToArray(),
            places = batch.Records.Select(record => $"[{record.Partition}]@{record.Offset}").ToArray(),
        };

        await using var work = await database.ForOrganisationsAsync(columns.organisations, cancellationToken);
        await work.ExecuteAsync(InsertHandled, columns, cancellationToken);
        await work.ExecuteAsync(AddToTally, columns, cancellationToken);
        CrashPoint.Reach(Steps.RowsWritten);

        await offsets.AdvanceAsync(work.Transaction, batch.Span, cancellationToken);
        CrashPoint.Reach(Steps.OffsetMoved);

        foreach (var organisation in batch.Events.GroupBy(read => read.Organisation))
            work.Publish(CounterTopics.Counted, CountedOf(organisation));
        await work.CommitAsync(cancellationToken);
        CrashPoint.Reach(Steps.Committed);
    }

    private static Event CountedOf(IGrouping<ByteString, Event> organisation) =>
        CounterTopics.CountedOf(organisation.Key, organisation.Select(read => read.MessageId));

    private static Guid OrganisationOf(Event read) => new(read.Organisation.Span, bigEndian: true);
}
