using Tributary.ClickHouse;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>An event as ClickHouse has it, and since when.</summary>
internal sealed record StoredEvent(Event Event, DateTimeOffset StoredAt);

/// <summary>A refusal as ClickHouse has it, and since when.</summary>
internal sealed record StoredRefusal(RejectedEvent Refusal, DateTimeOffset StoredAt);

/// <summary>What ClickHouse holds of events and refusals; always of one organisation.</summary>
internal sealed class EventStore(ClickHouseClient client)
{
    private const string EventColumns = """
        event, type, at, message_id, source, app, user_id, anonymous_id, previous_id, group_id, session_id,
        session_start, received_at, stored_at, channel, name, page_url, referrer,
        utm_source, utm_medium, utm_campaign, utm_term, utm_content,
        mapKeys(click_ids) as click_names, mapValues(click_ids) as click_values,
        country, region, city, device, os, browser, bot
        """;

    private const string FindOne = $$"""
        select {{EventColumns}}, properties, context, traits
        from events
        where organisation = {organisation:UUID} and message_id = {message_id:String}
        limit 1
        """;

    private const string RefusalColumns = """
        received_at, stored_at, reason, source, rejection, route, detail, message_id, position, truncated
        """;

    private const string FindRefusal = $$"""
        select {{RefusalColumns}}, body
        from events_rejected
        where organisation = {organisation:UUID}
            and (message_id = {message_id:String} or toString(rejection) = {message_id:String})
        order by received_at desc
        limit 1
        """;

    private const string List = $$"""
        select {{EventColumns}}
        from events
        where organisation = {organisation:UUID}
            and ({event:String} = '' or event = {event:String})
            and ({source:String} = '' or toString(source) = {source:String})
            and ({user:String} = '' or person = {user:String}
                or user_id = {user:String} or anonymous_id = {user:String})
            and at >= {from:DateTime64(3)} and at < {to:DateTime64(3)}
            and (at, message_id) < ({before:DateTime64(3)}, {before_id:String})
        order by at desc, message_id desc
        limit {limit:UInt32}
        """;

    private const string ListRefusals = $$"""
        select {{RefusalColumns}}
        from events_rejected
        where organisation = {organisation:UUID}
            and ({reason:String} = '' or reason = {reason:String})
            and ({source:String} = '' or toString(source) = {source:String})
            and received_at >= {from:DateTime64(3)} and received_at < {to:DateTime64(3)}
            and (received_at, toString(rejection)) < ({before:DateTime64(3)}, {before_id:String})
        order by received_at desc, toString(rejection) desc
        limit {limit:UInt32}
        """;

    public async Task<StoredEvent?> FindAsync(EventKey key, CancellationToken cancellationToken) =>
        (await ReadAsync(FindOne, Of(key), EventRow.Event, cancellationToken)).FirstOrDefault();

    public async Task<StoredRefusal?> FindRefusalAsync(EventKey key, CancellationToken cancellationToken) =>
        (await ReadAsync(FindRefusal, Of(key), EventRow.Refusal, cancellationToken)).FirstOrDefault();

    public Task<List<StoredEvent>> ListAsync(EventQuestion question, CancellationToken cancellationToken) =>
        ReadAsync(List, question.Parameters(), EventRow.Event, cancellationToken);

    public Task<List<StoredRefusal>> ListRefusalsAsync(EventQuestion question, CancellationToken cancellationToken) =>
        ReadAsync(ListRefusals, question.Parameters(), EventRow.Refusal, cancellationToken);

    public async Task<List<T>> ReadAsync<T>(
        string statement,
        IReadOnlyDictionary<string, object?> parameters,
        Func<EventRow, T> read,
        CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        var options = new QueryOptions { Parameters = parameters, Settings = Bounds };
        await using var blocks = await client.QueryAsync(statement, options, cancellationToken);
        while (await blocks.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < blocks.Block.RowCount; row++) rows.Add(read(new EventRow(blocks.Block, row)));
        }

        return rows;
    }

    private static readonly Dictionary<string, string> Bounds = new() { ["max_execution_time"] = "10" };

    private static Dictionary<string, object?> Of(EventKey key) =>
        new() { ["organisation"] = key.Organisation, ["message_id"] = key.MessageId };
}
