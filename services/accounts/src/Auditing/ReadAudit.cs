using System.Text.Json;
using Tributary.Accounts.Changing;
using Tributary.Authorisation;

namespace Tributary.Accounts.Auditing;

/// <summary>Who did what to the account, and when; newest first.</summary>
internal static class ReadAudit
{
    private const string List = """
        select entry as Id, at as At, caller as Caller, caller_name as CallerName, action as Action,
            subject as Subject, detail as Detail
        from audit
        where organisation = @organisation
          and (@before = '00000000-0000-0000-0000-000000000000' or entry < @before)
        order by entry desc
        limit @count
        """;

    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/audit", ListAsync).RequirePermission("audit:read").WithTags("Audit")
            .WithName("ListAudit")
            .WithSummary("Lists who did what to this organisation's account, newest first");

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountStore store, CancellationToken cancellationToken,
        string? after = null, int? limit = null)
    {
        var faults = new Faults();
        var (before, size) = (faults.After(after), faults.PageSize(limit));
        if (faults.Any) return Answers.Invalid(faults);

        var organisation = context.Caller().Organisation;
        var read = await store.ReadAsync<AuditRow>(
            organisation, List, new { organisation, before, count = size + 1 }, cancellationToken);
        var entries = read.Select(row => new AuditEntry(
            row.Id, row.At, row.Caller, row.CallerName, row.Action, row.Subject,
            JsonSerializer.Deserialize<JsonElement>(row.Detail)));
        return TypedResults.Ok(Page<AuditEntry>.Of([.. entries], size, entry => entry.Id));
    }

    private sealed record AuditRow(
        Guid Id, DateTime At, Guid Caller, string CallerName, string Action, Guid Subject, string Detail);

    /// <param name="Caller">The key that was shown; all zero for the command line of the machine.</param>
    /// <param name="Action">As api-key.revoked.</param>
    /// <param name="Subject">What it was done to.</param>
    private sealed record AuditEntry(
        Guid Id, DateTime At, Guid Caller, string CallerName, string Action, Guid Subject, JsonElement Detail);
}
