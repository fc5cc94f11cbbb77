using Tributary.Authorisation;

namespace Tributary.Accounts.ApiKeys;

/// <summary>What becomes of keys that someone wants revoked. Pure.</summary>
internal abstract record Revocation
{
    private static readonly Permission MakesKeys = Permission.Parse("api-keys:write");

    private Revocation() { }

    /// <summary>These; those that were revoked before are not among them.</summary>
    public sealed record Revoked(IReadOnlyList<ApiKey> Keys) : Revocation;

    public sealed record Unknown(Guid Id) : Revocation;

    /// <summary>Nobody could make a key afterwards.</summary>
    public sealed record LastOne : Revocation;

    public static Revocation Decide(IReadOnlyList<ApiKey> all, IReadOnlyCollection<Guid> ids, DateTimeOffset now)
    {
        foreach (var id in ids)
            if (all.All(key => key.Id != id)) return new Unknown(id);

        var revoked = all.Where(key => ids.Contains(key.Id) && key.RevokedAt is null).ToArray();
        var takesOne = revoked.Any(key => MayMakeKeys(key, now));
        var leavesOne = all.Except(revoked).Any(key => MayMakeKeys(key, now));
        return takesOne && !leavesOne ? new LastOne() : new Revoked(revoked);
    }

    private static bool MayMakeKeys(ApiKey key, DateTimeOffset now) =>
        key.RevokedAt is null
        && (key.ExpiresAt is null || key.ExpiresAt > now.UtcDateTime)
        && key.Permissions.Select(Permission.Parse).Any(permission => permission.Covers(MakesKeys));
}
