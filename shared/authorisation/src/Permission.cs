using System.Collections.Frozen;

namespace Tributary.Authorisation;

/// <summary>
/// What may be done to what, written <c>resource:action</c>. Granted, either may be <c>*</c>; <c>*</c> means every
/// resource of the organisation and never <c>installation</c>, which is above organisations and must be named.
/// </summary>
#pragma warning disable CA1711 // The ending was kept for code access security, which .NET no longer has.
public readonly record struct Permission
#pragma warning restore CA1711
{
    public const string Installation = "installation";
    private const string Any = "*";
    private const int LengthMax = 64;

    private Permission(string resource, string action) => (Resource, Action) = (resource, action);

    /// <summary>Every permission that some endpoint asks for. A new one is added here.</summary>
    public static FrozenSet<string> Known { get; } =
    [
        "installation:read", "installation:write",
        "organizations:read", "organizations:write",
        "apps:read", "apps:write",
        "sources:read", "sources:write",
        "api-keys:read", "api-keys:write",
        "audit:read",
        "events:read", "events:write",
    ];

    public string Resource { get; }

    public string Action { get; }

    /// <summary>Null for what is not written as one.</summary>
    public static Permission? TryParse(string text)
    {
        if (text.Length > LengthMax || text.Split(':') is not [var resource, var action]) return null;
        return IsWord(resource) && IsWord(action) ? new(resource, action) : null;
    }

    /// <exception cref="ArgumentException">It is not written as one.</exception>
    public static Permission Parse(string text) =>
        TryParse(text) ?? throw new ArgumentException($"\"{text}\" is not written as resource:action", nameof(text));

    /// <summary>Whether who was granted this may do that; also whether who has this may grant that.</summary>
    public bool Covers(Permission asked) =>
        (Resource == asked.Resource || (Resource == Any && asked.Resource != Installation))
        && (Action == Any || Action == asked.Action);

    /// <summary>Whether any endpoint that there is could ask for this: a guard against misspelling.</summary>
    public bool IsOfUse()
    {
        var granted = this;
        return Known.Any(known => granted.Covers(Parse(known)));
    }

    public override string ToString() => $"{Resource}:{Action}";

    private static bool IsWord(string word) =>
        word == Any || (word.Length > 0 && word.All(letter => letter is (>= 'a' and <= 'z') or '-'));
}
