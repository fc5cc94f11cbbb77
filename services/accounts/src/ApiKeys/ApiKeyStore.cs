using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.ApiKeys;

/// <summary>What is known of an API key: all but the key.</summary>
internal sealed record ApiKey
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>What the key begins with, so that people know which one it is.</summary>
    public string Prefix { get; init; } = "";

    public string[] Permissions { get; init; } = []; // Dapper fills arrays by property and not by constructor.

    public DateTime? ExpiresAt { get; init; }

    public DateTime? RevokedAt { get; init; }

    /// <summary>While it is rotated: until when the key before is good.</summary>
    public DateTime? RetiringUntil { get; init; }

    public DateTime CreatedAt { get; init; }
}

/// <param name="Key">The key itself. It is not kept and can't be shown again.</param>
internal sealed record ShownApiKey(
    Guid Id, string Name, string Key, IReadOnlyList<string> Permissions, DateTime? ExpiresAt, DateTime? RetiringUntil);

/// <summary>An API key's fields, checked.</summary>
internal sealed record ApiKeyFields(string Name, string[] Permissions, DateTimeOffset? ExpiresAt);

/// <summary>API keys, as rows: hashes and prefixes, never a key.</summary>
internal static class ApiKeyStore
{
    private const string Columns = """
        api_key.key as Id, name as Name,
            (select prefix from api_key_secret as shown
             where shown.organisation = api_key.organisation and shown.key = api_key.key and good_until is null
             order by created_at desc limit 1) as Prefix,
            permissions as Permissions, expires_at as ExpiresAt, revoked_at as RevokedAt,
            (select max(good_until) from api_key_secret as retiring
             where retiring.organisation = api_key.organisation and retiring.key = api_key.key
               and good_until > @now) as RetiringUntil,
            created_at as CreatedAt
        """;

    private const string List = $"""
        select {Columns}
        from api_key
        where organisation = @organisation
          and api_key.key > @after
        order by api_key.key
        limit @count
        """;

    private const string Find = $"""
        select {Columns}
        from api_key
        where organisation = @organisation
          and api_key.key = @id
        """;

    private const string All = $"""
        select {Columns}
        from api_key
        where organisation = @organisation
        order by api_key.key
        """;

    private const string Add = """
        insert into api_key (organisation, key, name, permissions, expires_at, created_at)
        values (@organisation, @id, @name, @permissions, @expiresAt, @now)
        """;

    private const string AddSecret = """
        insert into api_key_secret (organisation, hash, key, prefix, created_at)
        values (@organisation, @hash, @id, @prefix, @now)
        """;

    private const string RetireSecrets = """
        update api_key_secret
        set good_until = @goodUntil
        where organisation = @organisation
          and key = @id
          and (good_until is null or good_until > @goodUntil)
        """;

    private const string ForgetSecrets = """
        delete from api_key_secret
        where organisation = @organisation
          and key = @id
          and good_until <= @now
        """;

    private const string Revoke = """
        update api_key
        set revoked_at = @now
        where organisation = @organisation
          and key = any(@ids)
          and revoked_at is null
        """;

    public static Task<IReadOnlyList<ApiKey>> ListAsync(
        AccountStore store, Guid organisation, (Guid After, int Count) page, CancellationToken cancellationToken) =>
        store.ReadAsync<ApiKey>(
            organisation, List, new { organisation, after = page.After, count = page.Count, now = store.Now },
            cancellationToken);

    public static async Task<ApiKey?> FindAsync(
        AccountStore store, Guid organisation, Guid id, CancellationToken cancellationToken) =>
        await store.ReadAsync<ApiKey>(
            organisation, Find, new { organisation, id, now = store.Now }, cancellationToken) is [var key] ? key : null;

    public static Task<ApiKey?> FindAsync(AccountChange change, Guid id) =>
        change.FindAsync<ApiKey>(Find, new { change.Organisation, id, now = change.Now });

    /// <summary>All that there ever were; bounded by how many there may be.</summary>
    public static Task<IReadOnlyList<ApiKey>> AllAsync(AccountChange change) =>
        change.QueryAsync<ApiKey>(All, new { change.Organisation, now = change.Now });

    /// <summary>Adds a key. That its name is free was looked at before.</summary>
    public static async Task<ShownApiKey> AddAsync(AccountChange change, ApiKeyFields fields)
    {
        var id = Guid.CreateVersion7(change.Now);
        await change.ExecuteAsync(
            Add, new { change.Organisation, id, fields.Name, fields.Permissions, fields.ExpiresAt, now = change.Now });
        var key = await AddSecretAsync(change, id);
        change.Note("api-key.made", id, new { fields.Name, fields.Permissions, fields.ExpiresAt });
        return new(id, fields.Name, key, fields.Permissions, fields.ExpiresAt?.UtcDateTime, RetiringUntil: null);
    }

    /// <summary>A new key under the same id; those before are good for the overlap, none longer than before.</summary>
    public static async Task<ShownApiKey> RotateAsync(AccountChange change, ApiKey key, TimeSpan overlap)
    {
        var goodUntil = change.Now + overlap;
        await change.ExecuteAsync(RetireSecrets, new { change.Organisation, key.Id, goodUntil });
        await change.ExecuteAsync(ForgetSecrets, new { change.Organisation, key.Id, now = change.Now });
        var shown = await AddSecretAsync(change, key.Id);
        change.Note("api-key.rotated", key.Id, new { key.Name, oldGoodUntil = goodUntil });
        return new(key.Id, key.Name, shown, key.Permissions, key.ExpiresAt, goodUntil.UtcDateTime);
    }

    public static async Task RevokeAsync(AccountChange change, IReadOnlyCollection<ApiKey> keys)
    {
        await change.ExecuteAsync(
            Revoke, new { change.Organisation, ids = keys.Select(key => key.Id).ToArray(), now = change.Now });
        foreach (var key in keys) change.Note("api-key.revoked", key.Id, new { key.Name, key.Prefix });
    }

    private static async Task<string> AddSecretAsync(AccountChange change, Guid id)
    {
        var key = KeyText.New(KeyText.OfPrograms);
        await change.ExecuteAsync(AddSecret, new
        {
            change.Organisation,
            id,
            hash = KeyText.HashOf(key),
            prefix = KeyText.Visible(key),
            now = change.Now,
        });
        return key;
    }
}
