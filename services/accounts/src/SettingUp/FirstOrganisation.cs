using Tributary.Accounts.ApiKeys;
using Tributary.Accounts.Apps;
using Tributary.Accounts.Changing;
using Tributary.Accounts.Organizations;
using Tributary.Accounts.Sources;

namespace Tributary.Accounts.SettingUp;

/// <summary>
/// What a new installation begins with: an organisation, an administrator's key, an app and a source. Whoever can run
/// this has the database's address, and that is the proof.
/// </summary>
internal static class FirstOrganisation
{
    private const string ReadFirst = "select organisation from list_organizations(@none, 1)";

    // Two first starts at once make one: the second waits here, and then finds what the first made.
    private const string Queue = "select pg_advisory_xact_lock(hashtext('tributary first organisation'))::text";

    private const string FirstSource = """
        select key
        from write_key
        join source using (organisation, source)
        where organisation = @organisation
          and good_until is null
          and enabled
        order by source, write_key.created_at desc
        limit 1
        """;

    /// <summary>Lines of <c>name=value</c>: what there is, and the administrator's key where it was made now.</summary>
    public static async Task<IReadOnlyList<string>> MakeOnceAsync(
        AccountStore store, CancellationToken cancellationToken)
    {
        var organisation = await FirstAsync(store, cancellationToken);
        ShownApiKey? administrator = null;
        if (organisation is null)
        {
            administrator = await store.ChangeAsync(
                Guid.CreateVersion7(store.Now), Actor.Operator, MakeAsync, cancellationToken);
            organisation = await FirstAsync(store, cancellationToken);
        }

        List<string> lines = [$"organisation={organisation}"];
        var writeKeys = await store.ReadAsync<string>(
            organisation!.Value, FirstSource, new { organisation }, cancellationToken);
        lines.AddRange(writeKeys.Select(key => $"write_key={key}"));
        if (administrator is not null) lines.Add($"api_key={administrator.Key}");
        return lines;
    }

    /// <summary>A further administrator's key of the first organisation, for who lost theirs.</summary>
    public static async Task<IReadOnlyList<string>> AdministratorKeyAsync(
        AccountStore store, CancellationToken cancellationToken)
    {
        if (await FirstAsync(store, cancellationToken) is not { } organisation)
            return await MakeOnceAsync(store, cancellationToken);

        var key = await store.ChangeAsync(
            organisation, Actor.Operator,
            change => ApiKeyStore.AddAsync(
                change, Administrator($"Administrator {change.Now:yyyy-MM-dd HH:mm:ss.fff}")),
            cancellationToken);
        return [$"organisation={organisation}", $"api_key={key!.Key}"];
    }

    private static async Task<Guid?> FirstAsync(AccountStore store, CancellationToken cancellationToken) =>
        await store.LookUpAsync<Guid>(ReadFirst, new { none = Guid.Empty }, cancellationToken) is [var first]
            ? first
            : null;

    private static async Task<ShownApiKey?> MakeAsync(AccountChange change)
    {
        await change.QueryAsync<string>(Queue, new { });
        if ((await change.QueryAsync<Guid>(ReadFirst, new { none = Guid.Empty })).Count > 0) return null;
        await AdministerOrganizations.AddAsync(change, "My organisation");
        var app = await AdministerApps.AddAsync(change, "My app");
        await SourceStore.AddAsync(change, new(app.Id, "First source", "server", Enabled: true, AllowedOrigins: []));
        return await ApiKeyStore.AddAsync(change, Administrator("Administrator"));
    }

    private static ApiKeyFields Administrator(string name) => new(name, ["*:*", "installation:*"], ExpiresAt: null);
}
