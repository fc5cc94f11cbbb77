using System.Text.Json;
using Tributary.Authorisation;
using Tributary.Contracts.V1;
using Tributary.Postgres;

namespace Tributary.Accounts.Changing;

/// <summary>Who changes an account, for its audit.</summary>
internal sealed record Actor(Guid Id, string Name)
{
    /// <summary>Whoever has the machine: the command line.</summary>
    public static readonly Actor Operator = new(Guid.Empty, "operator of the machine");

    public static Actor Of(Caller caller) => new(caller.Id, caller.Name);
}

/// <summary>
/// Changes an organisation's account: one at a time, with its audit, and with the whole new state for every process
/// that authorises, all in one transaction. Thread-safe.
/// </summary>
internal sealed class AccountStore(
    [FromKeyedServices(AccountsService.Name)] ServiceDatabase database, AccountDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookedAtEvery = TimeSpan.FromMilliseconds(5);

    // Locks the account: changes of one come one after the other, so that versions grow in the order of commits. A
    // version is the clock's milliseconds, so that those of a restored database are above those published before.
    private const string Lock = """
        select version
        from organization
        where organisation = @organisation
        for update
        """;

    private const string SetVersion = """
        update organization
        set version = @version, changed_at = @now
        where organisation = @organisation
        """;

    private const string AddAudit = """
        insert into audit (organisation, entry, at, caller, caller_name, action, subject, detail)
        select @organisation, entry, @now, @caller, @callerName, action, subject, detail::jsonb
        from unnest(@entries, @actions, @subjects, @details) as row (entry, action, subject, detail)
        """;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What was noted is kept and published; one that noted nothing leaves everything as it was.</summary>
    /// <returns>What the change returned; the default for an organisation that there is not.</returns>
    public async Task<TOutcome?> ChangeAsync<TOutcome>(
        Guid organisation, Actor actor, Func<AccountChange, Task<TOutcome>> change,
        CancellationToken cancellationToken)
    {
        var (outcome, version) = await database.RetryAsync(
            async token => await TryAsync(organisation, actor, change, token), cancellationToken);
        // Nobody is known where nothing is followed: on the command line.
        if (version > 0 && directory.Organisations.Count > 0) await SeenAsync(organisation, version, cancellationToken);
        return outcome;
    }

    /// <summary>Rows of one organisation.</summary>
    public async Task<IReadOnlyList<TRow>> ReadAsync<TRow>(
        Guid organisation, string sql, object parameters, CancellationToken cancellationToken) =>
        await database.RetryAsync(
            async token =>
            {
                await using var work = await database.ForOrganisationAsync(organisation, token);
                return await work.QueryAsync<TRow>(sql, parameters, token);
            },
            cancellationToken);

    /// <summary>What a look-up function says, before an organisation is known.</summary>
    public async Task<IReadOnlyList<TRow>> LookUpAsync<TRow>(
        string sql, object parameters, CancellationToken cancellationToken) =>
        await database.RetryAsync(
            async token =>
            {
                await using var work = await database.WithoutOrganisationAsync(token);
                return await work.QueryAsync<TRow>(sql, parameters, token);
            },
            cancellationToken);

    /// <summary>The account as it is; null where there is none.</summary>
    public async Task<AccountState?> StateAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationAsync(organisation, cancellationToken);
        return await AccountStates.ReadAsync(work, organisation, Now, cancellationToken);
    }

    private async Task<(TOutcome? Outcome, long Version)> TryAsync<TOutcome>(
        Guid organisation, Actor actor, Func<AccountChange, Task<TOutcome>> change,
        CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationAsync(organisation, cancellationToken);
        var now = Now;
        var made = new AccountChange(work, organisation, now, cancellationToken);
        var known = await work.QueryAsync<long>(Lock, new { organisation }, cancellationToken);
        made.IsNew = known.Count == 0;
        var outcome = await change(made);
        if (made.Notes.Count == 0) return (outcome, 0);

        var version = Math.Max((known is [var last] ? last : 0) + 1, now.ToUnixTimeMilliseconds());
        await work.ExecuteAsync(SetVersion, new { organisation, version, now }, cancellationToken);
        await work.ExecuteAsync(
            AddAudit,
            new
            {
                organisation,
                now,
                caller = actor.Id,
                callerName = actor.Name,
                entries = made.Notes.Select(_ => Guid.CreateVersion7(now)).ToArray(),
                actions = made.Notes.Select(note => note.Action).ToArray(),
                subjects = made.Notes.Select(note => note.Subject).ToArray(),
                details = made.Notes.Select(note => JsonSerializer.Serialize(note.Detail)).ToArray(),
            },
            cancellationToken);
        var state = await AccountStates.ReadAsync(work, organisation, now, cancellationToken);
        work.Publish(Topics.Accounts, state!);
        await work.CommitAsync(cancellationToken);
        return (outcome, version);
    }

    /// <summary>
    /// So that who was given a key can use it: waits until this process has seen the change come back through Kafka,
    /// and not longer than it may take. Other processes see it at about the same moment.
    /// </summary>
    private async Task SeenAsync(Guid organisation, long version, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (directory.VersionOf(organisation) < version && time.GetElapsedTime(startedAt) < SeenWithin)
            await Task.Delay(LookedAtEvery, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
