using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.Apps;

/// <summary>Apps: what an organisation offers to people, each with the sources that send its events.</summary>
internal static class AdministerApps
{
    private const string Path = "/api/v1/apps";
    private const string Tag = "Apps";
    private const int AppsMax = 100;

    private const string List = """
        select app as Id, name as Name, created_at as CreatedAt
        from app
        where organisation = @organisation
          and app > @after
        order by app
        limit @count
        """;

    private const string Find = """
        select app as Id, name as Name, created_at as CreatedAt
        from app
        where organisation = @organisation
          and app = @id
        """;

    private const string FindNamed = """
        select app as Id, name as Name, created_at as CreatedAt
        from app
        where organisation = @organisation
          and name = @name
        """;

    private const string Count = "select count(*) from app where organisation = @organisation";

    private const string Add = """
        insert into app (organisation, app, name, created_at)
        values (@organisation, @id, @name, @now)
        """;

    private const string Rename = """
        update app
        set name = @name
        where organisation = @organisation
          and app = @id
        """;

    private const string CountSources = """
        select count(*)
        from source
        where organisation = @organisation
          and app = @id
        """;

    private const string Delete = """
        delete from app
        where organisation = @organisation
          and app = @id
        """;

    public static void MapApps(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync).RequirePermission("apps:read").WithTags(Tag)
            .WithName("ListApps").WithSummary("Lists apps").WithDescription("In the order in which they were made.");
        routes.MapGet(Path + "/{id:guid}", FindAsync).RequirePermission("apps:read").WithTags(Tag)
            .WithName("GetApp").WithSummary("Reads an app");
        routes.MapPost(Path, MakeAsync).RequirePermission("apps:write").WithTags(Tag)
            .WithName("MakeApp")
            .WithSummary("Makes an app")
            .WithDescription("A name that is taken answers 409 with the id of what has it, so a repeat makes none.");
        routes.MapPatch(Path + "/{id:guid}", RenameAsync).RequirePermission("apps:write").WithTags(Tag)
            .WithName("RenameApp").WithSummary("Renames an app");
        routes.MapDelete(Path + "/{id:guid}", DeleteAsync).RequirePermission("apps:write").WithTags(Tag)
            .WithName("DeleteApp").WithSummary("Deletes an app that has no sources");
    }

    /// <summary>Adds an app inside a change. The name is checked before.</summary>
    public static async Task<App> AddAsync(AccountChange change, string name)
    {
        var app = new App(Guid.CreateVersion7(change.Now), name, change.Now.UtcDateTime);
        await change.ExecuteAsync(Add, new { change.Organisation, app.Id, name, now = change.Now });
        change.Note("app.made", app.Id, new { name });
        return app;
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountStore store, CancellationToken cancellationToken,
        string? after = null, int? limit = null)
    {
        var faults = new Faults();
        var (from, size) = (faults.After(after), faults.PageSize(limit));
        if (faults.Any) return Answers.Invalid(faults);

        var organisation = context.Caller().Organisation;
        var read = await store.ReadAsync<App>(
            organisation, List, new { organisation, after = from, count = size + 1 }, cancellationToken);
        return TypedResults.Ok(Page<App>.Of(read, size, app => app.Id));
    }

    private static async Task<IResult> FindAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var organisation = context.Caller().Organisation;
        return await store.ReadAsync<App>(organisation, Find, new { organisation, id }, cancellationToken) is [var app]
            ? TypedResults.Ok(app)
            : Answers.NotFound("app");
    }

    private static async Task<IResult> MakeAsync(
        NewApp asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var name = faults.Name(asked.Name);
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            if (await change.FindAsync<App>(FindNamed, new { change.Organisation, name }) is { } existing)
                return Answers.Taken("an app", name, existing.Id);
            if ((await change.QueryAsync<long>(Count, new { change.Organisation }))[0] >= AppsMax)
                return Answers.Conflict($"An organisation has at most {AppsMax} apps.");
            var app = await AddAsync(change, name);
            return TypedResults.Created($"{Path}/{app.Id}", app);
        }, cancellationToken);
    }

    private static async Task<IResult> RenameAsync(
        Guid id, NewApp asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var name = faults.Name(asked.Name);
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            if (await change.FindAsync<App>(Find, new { change.Organisation, id }) is not { } app)
                return Answers.NotFound("app");
            if (await change.FindAsync<App>(FindNamed, new { change.Organisation, name }) is { } other)
                return other.Id == id ? TypedResults.Ok(app) : Answers.Taken("an app", name, other.Id);
            await change.ExecuteAsync(Rename, new { change.Organisation, id, name });
            change.Note("app.renamed", id, new { from = app.Name, to = name });
            return TypedResults.Ok(app with { Name = name });
        }, cancellationToken);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        await ChangeAsync(context, store, async change =>
        {
            if (await change.FindAsync<App>(Find, new { change.Organisation, id }) is not { } app)
                return Answers.NotFound("app");
            var sources = (await change.QueryAsync<long>(CountSources, new { change.Organisation, id }))[0];
            if (sources > 0) return Answers.Conflict($"This app has {sources} sources: delete them first.");
            await change.ExecuteAsync(Delete, new { change.Organisation, id });
            change.Note("app.deleted", id, new { app.Name });
            return TypedResults.NoContent();
        }, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        HttpContext context, AccountStore store, Func<AccountChange, Task<IResult>> change,
        CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        return (await store.ChangeAsync(caller.Organisation, Actor.Of(caller), change, cancellationToken))!;
    }

    internal sealed record App(Guid Id, string Name, DateTime CreatedAt);

    private sealed record NewApp(string? Name);
}
