using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.Sources;

/// <summary>Sources: what sends an app's events, each with its write key.</summary>
internal static class AdministerSources
{
    private const string Path = "/api/v1/sources";
    private const string Tag = "Sources";
    private const int SourcesMax = 1_000;

    private const string FindApp = """
        select app
        from app
        where organisation = @organisation
          and app = @app
        """;

    private const string Count = "select count(*) from source where organisation = @organisation";

    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync).RequirePermission("sources:read").WithTags(Tag)
            .WithName("ListSources")
            .WithSummary("Lists sources, with their write keys")
            .WithDescription("All of the organisation's, or those of one app.");
        routes.MapGet(Path + "/{id:guid}", FindAsync).RequirePermission("sources:read").WithTags(Tag)
            .WithName("GetSource").WithSummary("Reads a source, with its write key");
        routes.MapPost(Path, MakeAsync).RequirePermission("sources:write").WithTags(Tag)
            .WithName("MakeSource")
            .WithSummary("Makes a source, with its write key")
            .WithDescription("A name that its app has already answers 409 with the id of what has it.");
        routes.MapPatch(Path + "/{id:guid}", ChangeOneAsync).RequirePermission("sources:write").WithTags(Tag)
            .WithName("ChangeSource")
            .WithSummary("Renames, enables, disables a source, or sets the origins it allows")
            .WithDescription("What is absent stays as it is. Disabled, its events are refused.");
        routes.MapPost(Path + "/{id:guid}/rotations", RotateAsync).RequirePermission("sources:write").WithTags(Tag)
            .WithName("RotateWriteKey")
            .WithSummary("Gives a source a new write key")
            .WithDescription("The one before stays good for overlapSeconds; a day, unless said otherwise.");
        routes.MapDelete(Path + "/{id:guid}", DeleteAsync).RequirePermission("sources:write").WithTags(Tag)
            .WithName("DeleteSource").WithSummary("Deletes a source; its events stay");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountStore store, CancellationToken cancellationToken,
        Guid? app = null, string? after = null, int? limit = null)
    {
        var faults = new Faults();
        var (from, size) = (faults.After(after), faults.PageSize(limit));
        if (faults.Any) return Answers.Invalid(faults);

        var read = await SourceStore.ListAsync(
            store, context.Caller().Organisation, app, (from, size + 1), cancellationToken);
        return TypedResults.Ok(Page<Source>.Of(read, size, source => source.Id));
    }

    private static async Task<IResult> FindAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        await SourceStore.FindAsync(store, context.Caller().Organisation, id, cancellationToken) is { } source
            ? TypedResults.Ok(source)
            : Answers.NotFound("source");

    private static async Task<IResult> MakeAsync(
        NewSource asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var fields = new SourceFields(
            asked.App, faults.Name(asked.Name), faults.Kind(asked.Kind), asked.Enabled ?? true,
            faults.Origins(asked.AllowedOrigins));
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            if (await change.QueryAsync<Guid>(FindApp, new { change.Organisation, fields.App }) is [])
                return Answers.NotFound("app");
            if (await SourceStore.FindNamedAsync(change, fields.App, fields.Name) is { } existing)
                return Answers.Taken("a source", fields.Name, existing);
            if ((await change.QueryAsync<long>(Count, new { change.Organisation }))[0] >= SourcesMax)
                return Answers.Conflict($"An organisation has at most {SourcesMax} sources.");
            var source = await SourceStore.AddAsync(change, fields);
            return TypedResults.Created($"{Path}/{source.Id}", source);
        }, cancellationToken);
    }

    private static async Task<IResult> ChangeOneAsync(
        Guid id, SourceChange asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var name = asked.Name is null ? null : faults.Name(asked.Name);
        var origins = asked.AllowedOrigins is null ? null : faults.Origins(asked.AllowedOrigins);
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            if (await SourceStore.FindAsync(change, id) is not { } source) return Answers.NotFound("source");
            var fields = new SourceFields(
                source.App, name ?? source.Name, source.Kind, asked.Enabled ?? source.Enabled,
                origins ?? [.. source.AllowedOrigins]);
            if (await SourceStore.FindNamedAsync(change, source.App, fields.Name) is { } other && other != id)
                return Answers.Taken("a source", fields.Name, other);
            await SourceStore.ChangeAsync(change, id, fields);
            return TypedResults.Ok(source with
            {
                Name = fields.Name,
                Enabled = fields.Enabled,
                AllowedOrigins = fields.AllowedOrigins,
            });
        }, cancellationToken);
    }

    private static async Task<IResult> RotateAsync(
        Guid id, Rotation asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var overlap = faults.Overlap(asked.OverlapSeconds);
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            if (await SourceStore.FindAsync(change, id) is null) return Answers.NotFound("source");
            await SourceStore.RotateAsync(change, id, overlap);
            return TypedResults.Ok((await SourceStore.FindAsync(change, id))!);
        }, cancellationToken);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        await ChangeAsync(context, store, async change =>
        {
            if (await SourceStore.FindAsync(change, id) is not { } source) return Answers.NotFound("source");
            await SourceStore.RemoveAsync(change, source);
            return TypedResults.NoContent();
        }, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        HttpContext context, AccountStore store, Func<AccountChange, Task<IResult>> change,
        CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        return (await store.ChangeAsync(caller.Organisation, Actor.Of(caller), change, cancellationToken))!;
    }

    /// <param name="Kind">web, server, mobile, webhook, kafka.</param>
    /// <param name="AllowedOrigins">Of browsers, as https://shop.example; none allows every origin.</param>
    private sealed record NewSource(
        Guid App, string? Name, string? Kind, bool? Enabled, IReadOnlyList<string>? AllowedOrigins);

    private sealed record SourceChange(string? Name, bool? Enabled, IReadOnlyList<string>? AllowedOrigins);
}

/// <param name="OverlapSeconds">How long the old key stays good; 0 ends it at once. A day unless said.</param>
internal sealed record Rotation(long? OverlapSeconds);
