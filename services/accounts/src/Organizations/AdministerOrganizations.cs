using Tributary.Accounts.ApiKeys;
using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.Organizations;

/// <summary>Organisations: each names its own; who administers the installation makes and stops them.</summary>
internal static class AdministerOrganizations
{
    private const string Path = "/api/v1/organizations";
    private const string Tag = "Organizations";

    private const string Columns = """
        organisation as Id, name as Name, suspended as Suspended, events_per_second as EventsPerSecond,
            events_per_month as EventsPerMonth, created_at as CreatedAt, changed_at as ChangedAt
        """;

    private const string Find = $"""
        select {Columns}
        from organization
        where organisation = @organisation
        """;

    private const string List = $"""
        select {Columns}
        from list_organizations(@after, @count)
        order by organisation
        """;

    private const string Add = """
        insert into organization (organisation, name, created_at, changed_at)
        values (@organisation, @name, @now, @now)
        """;

    private const string Rename = """
        update organization
        set name = @name
        where organisation = @organisation
        """;

    private const string SetStanding = """
        update organization
        set suspended = @suspended, events_per_second = @perSecond, events_per_month = @perMonth
        where organisation = @organisation
        """;

    public static void MapOrganizations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync).RequirePermission("organizations:read").WithTags(Tag)
            .WithName("ListOrganizations")
            .WithSummary("Lists organisations")
            .WithDescription("The caller's own; all of them for who has installation:read.");
        routes.MapGet(Path + "/{id:guid}", FindAsync).RequirePermission("organizations:read").WithTags(Tag)
            .WithName("GetOrganization").WithSummary("Reads an organisation");
        routes.MapPost(Path, MakeAsync).RequirePermission("installation:write").WithTags(Tag)
            .WithName("MakeOrganization")
            .WithSummary("Makes an organisation")
            .WithDescription("Answers with its first API key, an administrator's (*:*), which is shown this once.");
        routes.MapPatch(Path + "/{id:guid}", RenameAsync).RequirePermission("organizations:write").WithTags(Tag)
            .WithName("RenameOrganization").WithSummary("Renames an organisation");
        routes.MapPut(Path + "/{id:guid}/standing", SetStandingAsync).RequirePermission("installation:write")
            .WithTags(Tag)
            .WithName("SetOrganizationStanding")
            .WithSummary("Suspends an organisation, or sets what it may send")
            .WithDescription("Suspended, nothing of it is accepted: no event and no request, until this is undone.");
    }

    /// <summary>Adds an organisation inside its own change. The name is checked before.</summary>
    public static async Task AddAsync(AccountChange change, string name)
    {
        await change.ExecuteAsync(Add, new { change.Organisation, name, now = change.Now });
        change.Note("organization.made", change.Organisation, new { name });
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountStore store, CancellationToken cancellationToken,
        string? after = null, int? limit = null)
    {
        var faults = new Faults();
        var (from, size) = (faults.After(after), faults.PageSize(limit));
        if (faults.Any) return Answers.Invalid(faults);

        var caller = context.Caller();
        var read = caller.May("installation:read")
            ? await store.LookUpAsync<Organization>(List, new { after = from, count = size + 1 }, cancellationToken)
            : await store.ReadAsync<Organization>(
                caller.Organisation, Find, new { caller.Organisation }, cancellationToken);
        return TypedResults.Ok(Page<Organization>.Of(read, size, found => found.Id));
    }

    private static async Task<IResult> FindAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        MayReach(context.Caller(), id, "installation:read")
        && await store.ReadAsync<Organization>(id, Find, new { organisation = id }, cancellationToken) is [var row]
            ? TypedResults.Ok(row)
            : Answers.NotFound("organisation");

    private static async Task<IResult> MakeAsync(
        NewOrganization asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var name = faults.Name(asked.Name);
        if (faults.Any) return Answers.Invalid(faults);

        var id = Guid.CreateVersion7(store.Now);
        var made = await store.ChangeAsync(id, Actor.Of(context.Caller()), async change =>
        {
            await AddAsync(change, name);
            return await ApiKeyStore.AddAsync(change, new("Administrator", ["*:*"], ExpiresAt: null));
        }, cancellationToken);
        return TypedResults.Created($"{Path}/{id}", new MadeOrganization(id, name, made!));
    }

    private static async Task<IResult> RenameAsync(
        Guid id, NewOrganization asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var name = faults.Name(asked.Name);
        if (faults.Any) return Answers.Invalid(faults);
        if (!MayReach(context.Caller(), id, "installation:write")) return Answers.NotFound("organisation");

        return await ChangedAsync(id, context, store, async change =>
        {
            await change.ExecuteAsync(Rename, new { change.Organisation, name });
            change.Note("organization.renamed", id, new { name });
        }, cancellationToken);
    }

    private static async Task<IResult> SetStandingAsync(
        Guid id, Standing asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var perSecond = faults.Limit("eventsPerSecond", asked.EventsPerSecond);
        var perMonth = faults.Limit("eventsPerMonth", asked.EventsPerMonth);
        if (faults.Any) return Answers.Invalid(faults);
        if (asked.Suspended && id == context.Caller().Organisation)
            return Answers.Conflict("This is the caller's own organisation: suspended, nobody could undo it.");

        return await ChangedAsync(id, context, store, async change =>
        {
            await change.ExecuteAsync(
                SetStanding, new { change.Organisation, suspended = asked.Suspended, perSecond, perMonth });
            change.Note("organization.standing", id, new { asked.Suspended, perSecond, perMonth });
        }, cancellationToken);
    }

    private static async Task<IResult> ChangedAsync(
        Guid id, HttpContext context, AccountStore store, Func<AccountChange, Task> change,
        CancellationToken cancellationToken)
    {
        var row = await store.ChangeAsync(id, Actor.Of(context.Caller()), async made =>
        {
            if (made.IsNew) return null;
            await change(made);
            return await made.FindAsync<Organization>(Find, new { made.Organisation });
        }, cancellationToken);
        return row is null ? Answers.NotFound("organisation") : TypedResults.Ok(row);
    }

    private static bool MayReach(Caller caller, Guid organisation, string beyond) =>
        caller.Organisation == organisation || caller.May(beyond);

    /// <param name="EventsPerSecond">0: no limit.</param>
    /// <param name="EventsPerMonth">0: no limit.</param>
    private sealed record Organization(
        Guid Id, string Name, bool Suspended, long EventsPerSecond, long EventsPerMonth,
        DateTime CreatedAt, DateTime ChangedAt);

    private sealed record NewOrganization(string? Name);

    private sealed record MadeOrganization(Guid Id, string Name, ShownApiKey ApiKey);

    private sealed record Standing(bool Suspended, long? EventsPerSecond, long? EventsPerMonth);
}
