namespace Tributary.Authorisation;

/// <summary>What kind of caller it is; the id is of that kind.</summary>
public enum CallerKind
{
    /// <summary>A program that shows an API key.</summary>
    ApiKey,

    /// <summary>A person; their permissions come from their role.</summary>
    Person,
}

/// <summary>
/// Who calls, for which organisation, and what they may do. Immutable. However it proved itself (key, token, session),
/// nothing after the door depends on that.
/// </summary>
public sealed record Caller(Guid Organisation, Guid Id, string Name, IReadOnlyList<Permission> Permissions)
{
    public CallerKind Kind { get; init; } = CallerKind.ApiKey;

    public bool May(Permission asked)
    {
        for (var index = 0; index < Permissions.Count; index++) // An enumerator would be allocated.
            if (Permissions[index].Covers(asked)) return true;
        return false;
    }

    public bool May(string permission) => May(Permission.Parse(permission));
}
