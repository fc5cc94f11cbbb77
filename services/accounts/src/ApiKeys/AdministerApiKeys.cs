using System.Diagnostics;
using Tributary.Accounts.Changing;
using Tributary.Accounts.Sources;
using Tributary.Authorisation;

namespace Tributary.Accounts.ApiKeys;

/// <summary>API keys: what programs show. A key can give no more than it has.</summary>
internal static class AdministerApiKeys
{
    private const string Path = "/api/v1/api-keys";
    private const string Tag = "API keys";
    private const int GoodMax = 1_000;
    private const int RevokedAtOnceMax = 100;

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync).RequirePermission("api-keys:read").WithTags(Tag)
            .WithName("ListApiKeys")
            .WithSummary("Lists API keys")
            .WithDescription("With what each begins with; the keys themselves are not kept.");
        routes.MapGet(Path + "/{id:guid}", FindAsync).RequirePermission("api-keys:read").WithTags(Tag)
            .WithName("GetApiKey").WithSummary("Reads what is known of an API key");
        routes.MapPost(Path, MakeAsync).RequirePermission("api-keys:write").WithTags(Tag)
            .WithName("MakeApiKey")
            .WithSummary("Makes an API key and shows it, this once")
            .WithDescription("It can be given no more permissions than the caller's key has. A name that is taken by a "
                + "key that is not revoked answers 409 with its id: rotate that one if its key was never received.");
        routes.MapPost(Path + "/{id:guid}/rotations", RotateAsync).RequirePermission("api-keys:write").WithTags(Tag)
            .WithName("RotateApiKey")
            .WithSummary("Gives an API key a new secret and shows it, this once")
            .WithDescription("The one before stays good for overlapSeconds; a day, unless said otherwise.");
        routes.MapDelete(Path + "/{id:guid}", RevokeOneAsync).RequirePermission("api-keys:write").WithTags(Tag)
            .WithName("RevokeApiKey")
            .WithSummary("Revokes an API key")
            .WithDescription("Refused everywhere within two seconds. The last that can make others is not revoked.");
        routes.MapPost(Path + "/revocations", RevokeSeveralAsync).RequirePermission("api-keys:write").WithTags(Tag)
            .WithName("RevokeApiKeys")
            .WithSummary("Revokes several API keys at once")
            .WithDescription($"All of them or, where one is not known, none; at most {RevokedAtOnceMax}.");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountStore store, CancellationToken cancellationToken,
        string? after = null, int? limit = null)
    {
        var faults = new Faults();
        var (from, size) = (faults.After(after), faults.PageSize(limit));
        if (faults.Any) return Answers.Invalid(faults);

        var read = await ApiKeyStore.ListAsync(
            store, context.Caller().Organisation, (from, size + 1), cancellationToken);
        return TypedResults.Ok(Page<ApiKey>.Of(read, size, key => key.Id));
    }

    private static async Task<IResult> FindAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        await ApiKeyStore.FindAsync(store, context.Caller().Organisation, id, cancellationToken) is { } key
            ? TypedResults.Ok(key)
            : Answers.NotFound("API key");

    private static async Task<IResult> MakeAsync(
        NewApiKey asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var fields = new ApiKeyFields(
            faults.Name(asked.Name), faults.Permissions(asked.Permissions, context.Caller()),
            faults.ExpiresAt(asked.ExpiresAt, store.Now));
        if (faults.Any) return Answers.Invalid(faults);

        return await ChangeAsync(context, store, async change =>
        {
            var good = (await ApiKeyStore.AllAsync(change)).Where(key => key.RevokedAt is null).ToArray();
            if (good.FirstOrDefault(key => key.Name == fields.Name) is { } existing)
                return Answers.Taken("an API key", fields.Name, existing.Id);
            if (good.Length >= GoodMax) return Answers.Conflict($"An organisation has at most {GoodMax} API keys.");
            var key = await ApiKeyStore.AddAsync(change, fields);
            return Shown(context, TypedResults.Created($"{Path}/{key.Id}", key));
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
            if (await ApiKeyStore.FindAsync(change, id) is not { } key) return Answers.NotFound("API key");
            if (key.RevokedAt is not null) return Answers.Conflict("This API key is revoked: make another one.");
            // Else whoever may make keys could take the secret of a key that may do more.
            if (key.Permissions.FirstOrDefault(has => !context.Caller().May(has)) is { } more)
                return Answers.Forbidden($"This key has {more}, which is more than the caller's has.");
            return Shown(context, TypedResults.Ok(await ApiKeyStore.RotateAsync(change, key, overlap)));
        }, cancellationToken);
    }

    private static async Task<IResult> RevokeOneAsync(
        Guid id, HttpContext context, AccountStore store, CancellationToken cancellationToken) =>
        await ChangeAsync(
            context, store,
            change => RevokeAsync(change, [id], _ => TypedResults.NoContent()), cancellationToken);

    private static async Task<IResult> RevokeSeveralAsync(
        RevokedKeys asked, HttpContext context, AccountStore store, CancellationToken cancellationToken)
    {
        if (asked.Ids is not { Count: >= 1 and <= RevokedAtOnceMax } ids)
            return TypedResults.Problem($"Name 1 to {RevokedAtOnceMax} keys in \"ids\".", statusCode: 400);
        return await ChangeAsync(
            context, store,
            change => RevokeAsync(
                change, ids, keys => TypedResults.Ok(new RevokedKeys([.. keys.Select(key => key.Id)]))),
            cancellationToken);
    }

    private static async Task<IResult> RevokeAsync(
        AccountChange change, IReadOnlyCollection<Guid> ids, Func<IReadOnlyList<ApiKey>, IResult> answer)
    {
        switch (Revocation.Decide(await ApiKeyStore.AllAsync(change), ids, change.Now))
        {
            case Revocation.Unknown: return Answers.NotFound("API key");
            case Revocation.LastOne:
                return Answers.Conflict("Nobody could make an API key afterwards: make another that may, first.");
            case Revocation.Revoked { Keys: var keys }:
                if (keys.Count > 0) await ApiKeyStore.RevokeAsync(change, keys);
                return answer(keys);
            default: throw new UnreachableException();
        }
    }

    /// <summary>What shows a key stays out of caches.</summary>
    private static IResult Shown(HttpContext context, IResult answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        return answer;
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context, AccountStore store, Func<AccountChange, Task<IResult>> change,
        CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        return (await store.ChangeAsync(caller.Organisation, Actor.Of(caller), change, cancellationToken))!;
    }

    /// <param name="Permissions">As events:read; either part may be *.</param>
    /// <param name="ExpiresAt">Absent: it does not expire.</param>
    private sealed record NewApiKey(string? Name, IReadOnlyList<string>? Permissions, DateTimeOffset? ExpiresAt);

    private sealed record RevokedKeys(IReadOnlyList<Guid>? Ids);
}
