using Tributary.Authorisation.Directory;
using Tributary.Contracts.V1;
using Tributary.Streaming.Following;

namespace Tributary.Authorisation;

/// <summary>
/// Every organisation's sources and keys, in memory, as <c>accounts.v1</c> last told. Look-ups are safe on any thread,
/// take no lock and allocate nothing; one thread learns. What was learnt is seen after <see cref="Show"/>, whole.
/// </summary>
public sealed class AccountDirectory(TimeProvider time) : IFollower<AccountState>
{
    private readonly Dictionary<Guid, AccountState> _states = [];
    private volatile Snapshot _seen = Snapshot.Empty;

    /// <summary>Every organisation that there is, suspended ones too.</summary>
    public IReadOnlyCollection<Guid> Organisations => _seen.Organisations.Keys;

    /// <summary>The source of a write key, as it was sent; null for a key that is not good, or no longer.</summary>
    public SourceAccess? FindSource(ReadOnlySpan<byte> writeKey) =>
        _seen.Sources.TryGetValue(KeyHash.Of(writeKey), out var known) && known.GoodUntil > time.GetUtcNow()
            ? known.Source
            : null;

    /// <summary>The sources of an organisation; empty for one that is not known.</summary>
    public IReadOnlyList<SourceAccess> SourcesOf(Guid organisation) =>
        _seen.Organisations.TryGetValue(organisation, out var known) ? known.Sources : [];

    /// <summary>Its name for people; null for an organisation that is not known.</summary>
    public string? NameOf(Guid organisation) =>
        _seen.Organisations.TryGetValue(organisation, out var known) ? known.Name : null;

    /// <summary>The version that is known of an organisation; 0 for none.</summary>
    public long VersionOf(Guid organisation) =>
        _seen.Organisations.TryGetValue(organisation, out var known) ? known.Version : 0;

    /// <summary>The caller of an API key, as it was sent; null for a key that is not good, or no longer.</summary>
    public Caller? FindKey(ReadOnlySpan<byte> apiKey) =>
        Judge(apiKey, out var caller) is Refusal.Unspecified ? caller : null;

    /// <summary>The same, with the reason why not. The caller is known for all but unknown keys.</summary>
    public Refusal Judge(ReadOnlySpan<byte> apiKey, out Caller? caller) => Judge(KeyHash.Of(apiKey), out caller);

    /// <summary>The same for the SHA-256 of a key.</summary>
    public Refusal JudgeHash(ReadOnlySpan<byte> hash, out Caller? caller)
    {
        caller = null;
        return KeyHash.From(hash) is { } known ? Judge(known, out caller) : Refusal.Unknown;
    }

    /// <summary>The source of the SHA-256 of a write key.</summary>
    public SourceAccess? FindSourceByHash(ReadOnlySpan<byte> hash) =>
        KeyHash.From(hash) is { } key && _seen.Sources.TryGetValue(key, out var known)
            && known.GoodUntil > time.GetUtcNow()
            ? known.Source
            : null;

    /// <inheritdoc/>
    public void Learn(AccountState state)
    {
        if (state.Organisation.Length != 16)
            throw new ArgumentException("an organisation's id has 16 bytes", nameof(state));
        var organisation = Snapshot.GuidOf(state.Organisation);
        if (!_states.TryGetValue(organisation, out var known) || known.Version < state.Version)
            _states[organisation] = state;
    }

    /// <inheritdoc/>
    public void Show() => _seen = Snapshot.Of(_states);

    private Refusal Judge(KeyHash hash, out Caller? caller)
    {
        if (!_seen.Keys.TryGetValue(hash, out var known))
        {
            caller = null;
            return Refusal.Unknown;
        }
        caller = known.Caller;
        return known switch
        {
            { IsRevoked: true } => Refusal.Revoked,
            _ when known.GoodUntil <= time.GetUtcNow() => Refusal.Expired,
            { IsSuspended: true } => Refusal.Suspended,
            _ => Refusal.Unspecified,
        };
    }
}
