using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.Sources;

/// <param name="WriteKey">What its senders show; public in every web page, so it may be read again.</param>
/// <param name="RetiringWriteKeys">Those it had before, good until their moment.</param>
internal sealed record Source(
    Guid Id, Guid App, string Name, string Kind, bool Enabled, IReadOnlyList<string> AllowedOrigins,
    string WriteKey, IReadOnlyList<RetiringKey> RetiringWriteKeys, DateTime CreatedAt);

internal sealed record RetiringKey(string WriteKey, DateTime GoodUntil);

/// <summary>A source's fields, checked.</summary>
internal sealed record SourceFields(Guid App, string Name, string Kind, bool Enabled, string[] AllowedOrigins);

/// <summary>Sources and their write keys, as rows.</summary>
internal static class SourceStore
{
    private const string List = """
        select source as Id, app as App, name as Name, kind as Kind, enabled as Enabled,
            allowed_origins as AllowedOrigins, created_at as CreatedAt
        from source
        where organisation = @organisation
          and source > @after
          and (@app is null or app = @app)
        order by source
        limit @count
        """;

    private const string Find = """
        select source as Id, app as App, name as Name, kind as Kind, enabled as Enabled,
            allowed_origins as AllowedOrigins, created_at as CreatedAt
        from source
        where organisation = @organisation
          and source = @id
        """;

    private const string FindNamed = """
        select source
        from source
        where organisation = @organisation
          and app = @app
          and name = @name
        """;

    private const string ReadKeys = """
        select source as Source, key as Key, good_until as GoodUntil
        from write_key
        where organisation = @organisation
          and source = any(@sources)
          and (good_until is null or good_until > @now)
        order by created_at
        """;

    private const string Add = """
        insert into source (organisation, source, app, name, kind, enabled, allowed_origins, created_at)
        values (@organisation, @id, @app, @name, @kind, @enabled, @allowedOrigins, @now)
        """;

    private const string Change = """
        update source
        set name = @name, enabled = @enabled, allowed_origins = @allowedOrigins
        where organisation = @organisation
          and source = @id
        """;

    private const string Remove = """
        delete from source
        where organisation = @organisation
          and source = @id
        """;

    private const string AddKey = """
        insert into write_key (organisation, hash, source, key, created_at)
        values (@organisation, @hash, @id, @key, @now)
        """;

    private const string RetireKeys = """
        update write_key
        set good_until = @goodUntil
        where organisation = @organisation
          and source = @id
          and (good_until is null or good_until > @goodUntil)
        """;

    private const string ForgetKeys = """
        delete from write_key
        where organisation = @organisation
          and source = @id
          and good_until <= @now
        """;

    public static async Task<IReadOnlyList<Source>> ListAsync(
        AccountStore store, Guid organisation, Guid? app, (Guid After, int Count) page,
        CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync<SourceRow>(
            organisation, List, new { organisation, app, after = page.After, count = page.Count }, cancellationToken);
        var keys = await store.ReadAsync<KeyRow>(
            organisation, ReadKeys,
            new { organisation, sources = rows.Select(row => row.Id).ToArray(), now = store.Now }, cancellationToken);
        var bySource = keys.ToLookup(key => key.Source);
        return [.. rows.Select(row => Of(row, bySource[row.Id]))];
    }

    public static async Task<Source?> FindAsync(
        AccountStore store, Guid organisation, Guid id, CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync<SourceRow>(organisation, Find, new { organisation, id }, cancellationToken);
        if (rows is not [var row]) return null;
        var keys = await store.ReadAsync<KeyRow>(
            organisation, ReadKeys, new { organisation, sources = new[] { id }, now = store.Now }, cancellationToken);
        return Of(row, keys);
    }

    public static async Task<Source?> FindAsync(AccountChange change, Guid id) =>
        await change.FindAsync<SourceRow>(Find, new { change.Organisation, id }) is not { } row
            ? null
            : Of(row, await change.QueryAsync<KeyRow>(
                ReadKeys, new { change.Organisation, sources = new[] { id }, now = change.Now }));

    public static async Task<Guid?> FindNamedAsync(AccountChange change, Guid app, string name) =>
        await change.QueryAsync<Guid>(FindNamed, new { change.Organisation, app, name }) is [var id] ? id : null;

    /// <summary>Adds a source with its write key. That the name is free was looked at before.</summary>
    public static async Task<Source> AddAsync(AccountChange change, SourceFields fields)
    {
        var id = Guid.CreateVersion7(change.Now);
        await change.ExecuteAsync(Add, new
        {
            change.Organisation,
            id,
            fields.App,
            fields.Name,
            fields.Kind,
            fields.Enabled,
            fields.AllowedOrigins,
            now = change.Now,
        });
        var key = await AddKeyAsync(change, id);
        change.Note("source.made", id, new { fields.Name, fields.Kind, fields.App });
        return new(
            id, fields.App, fields.Name, fields.Kind, fields.Enabled, fields.AllowedOrigins, key, [],
            change.Now.UtcDateTime);
    }

    public static async Task ChangeAsync(AccountChange change, Guid id, SourceFields fields)
    {
        await change.ExecuteAsync(
            Change, new { change.Organisation, id, fields.Name, fields.Enabled, fields.AllowedOrigins });
        change.Note("source.changed", id, new { fields.Name, fields.Enabled, fields.AllowedOrigins });
    }

    public static async Task RemoveAsync(AccountChange change, Source source)
    {
        await change.ExecuteAsync(Remove, new { change.Organisation, source.Id });
        change.Note("source.deleted", source.Id, new { source.Name });
    }

    /// <summary>A new write key; those before are good for the overlap, and none longer than it was.</summary>
    public static async Task RotateAsync(AccountChange change, Guid id, TimeSpan overlap)
    {
        var goodUntil = change.Now + overlap;
        await change.ExecuteAsync(RetireKeys, new { change.Organisation, id, goodUntil });
        await change.ExecuteAsync(ForgetKeys, new { change.Organisation, id, now = change.Now });
        await AddKeyAsync(change, id);
        change.Note("source.rotated", id, new { oldGoodUntil = goodUntil });
    }

    private static async Task<string> AddKeyAsync(AccountChange change, Guid id)
    {
        var key = KeyText.New(KeyText.OfSources);
        await change.ExecuteAsync(
            AddKey, new { change.Organisation, id, key, hash = KeyText.HashOf(key), now = change.Now });
        return key;
    }

    private static Source Of(SourceRow row, IEnumerable<KeyRow> keys) => new(
        row.Id, row.App, row.Name, row.Kind, row.Enabled, row.AllowedOrigins,
        keys.LastOrDefault(key => key.GoodUntil is null)?.Key ?? "",
        [.. from key in keys where key.GoodUntil is not null select new RetiringKey(key.Key, key.GoodUntil!.Value)],
        row.CreatedAt);

    // Dapper fills arrays by property and not by constructor.
    private sealed record SourceRow
    {
        public Guid Id { get; init; }
        public Guid App { get; init; }
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public bool Enabled { get; init; }
        public string[] AllowedOrigins { get; init; } = [];
        public DateTime CreatedAt { get; init; }
    }

    private sealed record KeyRow(Guid Source, string Key, DateTime? GoodUntil);
}
