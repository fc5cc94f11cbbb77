using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts.V1;

namespace Tributary.Authorisation.Directory;

/// <summary>All organisations at one moment. Never changed: the next one takes its place.</summary>
internal sealed class Snapshot
{
    public static readonly Snapshot Empty = new();

    public Dictionary<KeyHash, KnownSource> Sources { get; } = [];

    public Dictionary<KeyHash, KnownKey> Keys { get; } = [];

    public Dictionary<Guid, KnownOrganisation> Organisations { get; } = [];

    public static Snapshot Of(IReadOnlyDictionary<Guid, AccountState> states)
    {
        var snapshot = new Snapshot();
        foreach (var (organisation, state) in states) snapshot.Add(organisation, state);
        return snapshot;
    }

    public static Guid GuidOf(ByteString bytes) =>
        bytes.Length == 16 ? new Guid(bytes.Span, bigEndian: true) : Guid.Empty;

    private void Add(Guid organisation, AccountState state)
    {
        List<SourceAccess> sources = new(state.Sources.Count);
        foreach (var source in state.Sources)
        {
            var access = AccessOf(organisation, source, state);
            sources.Add(access);
            foreach (var hash in source.WriteKeyHashes)
                Add(Sources, hash, new(access, DateTimeOffset.MaxValue));
            foreach (var retiring in source.RetiringWriteKeys)
                Add(Sources, retiring.Hash, new(access, Moment(retiring.GoodUntil)));
        }
        foreach (var key in state.ApiKeys)
        {
            var granted = key.Permissions.Select(Permission.TryParse).OfType<Permission>().ToArray();
            var caller = new Caller(organisation, GuidOf(key.Key), key.Name, granted);
            Add(Keys, key.Hash, new(caller, Moment(key.ExpiresAt), key.Revoked, state.Suspended));
        }
        Organisations[organisation] = new(state.Name, state.Version, sources);
    }

    private static void Add<T>(Dictionary<KeyHash, T> table, ByteString hash, T known)
    {
        if (KeyHash.From(hash.Span) is { } key) table[key] = known;
    }

    private static SourceAccess AccessOf(Guid organisation, SourceState source, AccountState state) => new()
    {
        Organisation = organisation,
        Source = GuidOf(source.Source),
        App = GuidOf(source.App),
        Name = source.Name,
        Kind = source.Kind,
        Enabled = source.Enabled,
        Suspended = state.Suspended,
        AllowedOrigins = [.. source.AllowedOrigins],
        Limits = new(state.Limits?.EventsPerSecond ?? 0, state.Limits?.EventsPerMonth ?? 0),
    };

    private static DateTimeOffset Moment(Timestamp? moment) => moment?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue;
}

internal readonly record struct KnownSource(SourceAccess Source, DateTimeOffset GoodUntil);

internal readonly record struct KnownKey(Caller Caller, DateTimeOffset GoodUntil, bool IsRevoked, bool IsSuspended);

internal sealed record KnownOrganisation(string Name, long Version, IReadOnlyList<SourceAccess> Sources);
