using Tributary.Authorisation;

namespace Tributary.Accounts.Changing;

/// <summary>What is wrong with a request's fields: a sentence for each. Pure.</summary>
internal sealed class Faults
{
    private const int NameLengthMax = 100;
    private const int OriginsMax = 10;
    private const int OriginLengthMax = 200;
    private const int PermissionsMax = 20;
    private static readonly TimeSpan ExpiryMax = TimeSpan.FromDays(3_660);
    private static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);

    public static readonly string[] Kinds = ["web", "server", "mobile", "webhook", "kafka"];

    private readonly Dictionary<string, string> _byField = [];

    public IReadOnlyDictionary<string, string> ByField => _byField;

    public bool Any => _byField.Count > 0;

    public string Name(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        if (trimmed.Length is 0 or > NameLengthMax || trimmed.Any(char.IsControl))
            _byField["name"] = $"A name has 1 to {NameLengthMax} printable characters.";
        return trimmed;
    }

    public string Kind(string? kind)
    {
        if (!Kinds.Contains(kind)) _byField["kind"] = $"A kind is one of {string.Join(", ", Kinds)}.";
        return kind ?? "";
    }

    /// <summary>As a browser sends them: scheme and host, a port where it is not the usual one, and no path.</summary>
    public string[] Origins(IReadOnlyList<string>? origins)
    {
        var asked = origins?.Select(origin => origin?.Trim().TrimEnd('/') ?? "").Distinct().ToArray() ?? [];
        if (asked.Length > OriginsMax) _byField["allowedOrigins"] = $"At most {OriginsMax} origins.";
        foreach (var origin in asked)
        {
            if (origin.Length > OriginLengthMax || !Uri.TryCreate(origin, UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https")
                || !address.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
                || address.UserInfo.Length > 0)
                _byField["allowedOrigins"] = "An origin is written like https://shop.example, without a path.";
        }
        return [.. asked.Select(origin => origin.ToLowerInvariant())];
    }

    public string[] Permissions(IReadOnlyList<string>? permissions, Caller caller)
    {
        var asked = permissions?.Distinct().ToArray() ?? [];
        if (asked.Length is 0 or > PermissionsMax)
            _byField["permissions"] = $"A key has 1 to {PermissionsMax} permissions, such as events:read.";
        foreach (var text in asked)
        {
            if (Permission.TryParse(text ?? "") is not { } permission || !permission.IsOfUse())
                _byField["permissions"] = $"\"{text}\" is no permission; there are "
                    + $"{string.Join(", ", Permission.Known.Order(StringComparer.Ordinal))}, and * in place of a part.";
            else if (!caller.May(permission))
                _byField["permissions"] = $"{permission} is more than this key has, so it can't be given.";
        }
        return asked;
    }

    public DateTimeOffset? ExpiresAt(DateTimeOffset? at, DateTimeOffset now)
    {
        if (at <= now || at > now + ExpiryMax)
            _byField["expiresAt"] = "An expiry lies in the future, and at most ten years ahead.";
        return at?.ToUniversalTime();
    }

    /// <summary>How long the old key stays good beside the new one; a day where nothing is said.</summary>
    public TimeSpan Overlap(long? seconds)
    {
        var overlap = seconds ?? 86_400;
        if (overlap >= 0 && overlap <= OverlapMax.TotalSeconds) return TimeSpan.FromSeconds(overlap);
        _byField["overlapSeconds"] = $"An overlap is 0 to {OverlapMax.TotalSeconds:0} seconds.";
        return TimeSpan.Zero;
    }

    public long Limit(string field, long? limit)
    {
        if (limit is < 0 or > 1_000_000_000_000) _byField[field] = "A limit is 0 (none) to 1,000,000,000,000.";
        return limit ?? 0;
    }

    public int PageSize(int? limit)
    {
        if (limit is null or (>= 1 and <= Answers.PageMax)) return limit ?? 50;
        _byField["limit"] = $"A page has 1 to {Answers.PageMax} items.";
        return 1;
    }

    /// <summary>What a page gave as its next; nothing: from the beginning.</summary>
    public Guid After(string? after)
    {
        if (string.IsNullOrEmpty(after)) return Guid.Empty;
        if (!Guid.TryParseExact(after, "N", out var id)) _byField["after"] = "after is the next of an earlier page.";
        return id;
    }
}
