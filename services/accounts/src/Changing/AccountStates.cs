using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts.V1;
using Tributary.Postgres;

namespace Tributary.Accounts.Changing;

/// <summary>The rows of an account as the state that is published.</summary>
internal static class AccountStates
{
    /// <summary>So long a revoked key is refused as revoked and not as unknown.</summary>
    private static readonly TimeSpan RevokedTold = TimeSpan.FromDays(30);

    private const string ReadOrganization = """
        select name as Name, suspended as Suspended, events_per_second as EventsPerSecond,
            events_per_month as EventsPerMonth, version as Version, changed_at as ChangedAt
        from organization
        where organisation = @organisation
        """;

    private const string ReadSources = """
        select source as Source, app as App, name as Name, kind as Kind, enabled as Enabled,
            allowed_origins as AllowedOrigins
        from source
        where organisation = @organisation
        order by source
        """;

    private const string ReadWriteKeys = """
        select source as Source, hash as Hash, good_until as GoodUntil
        from write_key
        where organisation = @organisation
          and (good_until is null or good_until > @now)
        order by source, created_at
        """;

    private const string ReadApiKeys = """
        select api_key.key as Key, name as Name, permissions as Permissions, hash as Hash,
            least(good_until, expires_at) as GoodUntil, revoked_at is not null as Revoked
        from api_key
        join api_key_secret using (organisation, key)
        where organisation = @organisation
          and (least(good_until, expires_at) is null or least(good_until, expires_at) > @now)
          and (revoked_at is null or revoked_at > @toldSince)
        order by api_key.key, api_key_secret.created_at
        """;

    public static async Task<AccountState?> ReadAsync(
        Work work, Guid organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parameters = new { organisation, now, toldSince = now - RevokedTold };
        var found = await work.QueryAsync<OrganizationRow>(ReadOrganization, parameters, cancellationToken);
        if (found is not [var row]) return null;

        var sources = await work.QueryAsync<SourceRow>(ReadSources, parameters, cancellationToken);
        var writeKeys = (await work.QueryAsync<WriteKeyRow>(ReadWriteKeys, parameters, cancellationToken))
            .ToLookup(key => key.Source);
        var apiKeys = await work.QueryAsync<ApiKeyRow>(ReadApiKeys, parameters, cancellationToken);
        return new AccountState
        {
            Organisation = Bytes(organisation),
            Version = row.Version,
            Name = row.Name,
            Suspended = row.Suspended,
            Limits = new() { EventsPerSecond = row.EventsPerSecond, EventsPerMonth = row.EventsPerMonth },
            ChangedAt = Timestamp.FromDateTime(row.ChangedAt),
            Sources = { sources.Select(source => StateOf(source, [.. writeKeys[source.Source]])) },
            ApiKeys = { apiKeys.Select(StateOf) },
        };
    }

    public static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    private static SourceState StateOf(SourceRow source, WriteKeyRow[] keys) => new()
    {
        Source = Bytes(source.Source),
        App = Bytes(source.App),
        Name = source.Name,
        Kind = source.Kind,
        Enabled = source.Enabled,
        AllowedOrigins = { source.AllowedOrigins },
        WriteKeyHashes = { keys.Where(key => key.GoodUntil is null).Select(key => ByteString.CopyFrom(key.Hash)) },
        RetiringWriteKeys =
        {
            from key in keys
            where key.GoodUntil is not null
            select new RetiringWriteKey
            {
                Hash = ByteString.CopyFrom(key.Hash),
                GoodUntil = Timestamp.FromDateTime(key.GoodUntil!.Value),
            },
        },
    };

    private static ApiKeyState StateOf(ApiKeyRow key) => new()
    {
        Key = Bytes(key.Key),
        Name = key.Name,
        Hash = ByteString.CopyFrom(key.Hash),
        Permissions = { key.Permissions },
        ExpiresAt = key.GoodUntil is { } until ? Timestamp.FromDateTime(until) : null,
        Revoked = key.Revoked,
    };

    private sealed record OrganizationRow(
        string Name, bool Suspended, long EventsPerSecond, long EventsPerMonth, long Version, DateTime ChangedAt);

    // Dapper fills arrays by property and not by constructor.
    private sealed record SourceRow
    {
        public Guid Source { get; init; }
        public Guid App { get; init; }
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public bool Enabled { get; init; }
        public string[] AllowedOrigins { get; init; } = [];
    }

    private sealed record WriteKeyRow(Guid Source, byte[] Hash, DateTime? GoodUntil);

    private sealed record ApiKeyRow
    {
        public Guid Key { get; init; }
        public string Name { get; init; } = "";
        public string[] Permissions { get; init; } = [];
        public byte[] Hash { get; init; } = [];
        public DateTime? GoodUntil { get; init; }
        public bool Revoked { get; init; }
    }
}
