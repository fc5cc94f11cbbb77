namespace Tributary.EmbeddedKafka.Groups;

internal enum GroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}

/// <summary>An offset as a consumer committed it.</summary>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAt);

/// <summary>
/// A consumer group: its members, the generation they agreed on, and its committed offsets. Every member of this type
/// is used under <see cref="Gate"/>.
/// </summary>
internal sealed class Group(string id)
{
    private readonly Dictionary<string, Member> members = [];
    private readonly Dictionary<string, string> memberByInstance = [];

    public Lock Gate { get; } = new();
    public string Id { get; } = id;
    public GroupState State { get; set; } = GroupState.Empty;
    public int Generation { get; set; }
    public string? ProtocolType { get; set; }
    public string? Protocol { get; set; }
    public string? Leader { get; set; }
    public long EmptySince { get; set; }

    /// <summary>Ids given out to members that have not joined with them yet.</summary>
    public HashSet<string> Pending { get; } = [];

    public Dictionary<(string Topic, int Partition), CommittedOffset> Offsets { get; } = [];

    /// <summary>Ends the wait for members of a rebalance.</summary>
    public ITimer? RebalanceTimer { get; set; }

    public IReadOnlyCollection<Member> Members => members.Values;

    public bool IsUnused => State == GroupState.Empty && members.Count == 0 && Pending.Count == 0 && Offsets.Count == 0;

    public Member? Find(string memberId) => members.GetValueOrDefault(memberId);

    public Member? FindInstance(string? instanceId) =>
        instanceId is not null && memberByInstance.TryGetValue(instanceId, out var id) ? Find(id) : null;

    public void Add(Member member)
    {
        if (members.Count == 0) ProtocolType = member.ProtocolType;
        members[member.Id] = member;
        if (member.InstanceId is { } instance) memberByInstance[instance] = member.Id;
        Leader ??= member.Id;
    }

    public void Remove(Member member)
    {
        members.Remove(member.Id);
        member.Session?.Dispose();
        if (member.InstanceId is { } instance && memberByInstance.GetValueOrDefault(instance) == member.Id)
            memberByInstance.Remove(instance);
        if (Leader == member.Id) Leader = members.Keys.FirstOrDefault();
    }

    /// <summary>A static member came back under a new id and takes the place of the old one.</summary>
    public void Replace(Member old, Member fresh)
    {
        var led = Leader == old.Id;
        Remove(old);
        Add(fresh);
        if (led) Leader = fresh.Id;
    }

    /// <summary>Whether someone who offers these protocols can be in the group with its members.</summary>
    public bool Suits(string protocolType, IReadOnlyCollection<string> protocols, string? exceptMember)
    {
        var others = members.Values.Where(member => member.Id != exceptMember).ToList();
        if (others.Count == 0) return protocolType.Length > 0 && protocols.Count > 0;
        return protocolType == ProtocolType && protocols.Any(name => others.All(member => member.Supports(name)));
    }

    /// <summary>The protocol that all support and most prefer.</summary>
    public string Vote()
    {
        var common = members.Values.First().Protocols
            .Select(protocol => protocol.Name)
            .Where(name => members.Values.All(member => member.Supports(name)))
            .ToHashSet();
        return members.Values
            .Select(member => member.Protocols.First(protocol => common.Contains(protocol.Name)).Name)
            .CountBy(name => name)
            .MaxBy(votes => votes.Value).Key;
    }
}

/// <summary>One member of a group.</summary>
internal sealed class Member(string id, string? instanceId, string clientId, string host, string protocolType)
{
    public string Id { get; } = id;
    public string? InstanceId { get; } = instanceId;
    public string ClientId { get; } = clientId;
    public string Host { get; } = host;
    public string ProtocolType { get; } = protocolType;
    public TimeSpan SessionTimeout { get; set; }
    public TimeSpan RebalanceTimeout { get; set; }
    public List<(string Name, byte[] Metadata)> Protocols { get; set; } = [];
    public byte[] Assignment { get; set; } = [];

    /// <summary>Set while the member waits for a rebalance to complete.</summary>
    public TaskCompletionSource<JoinOutcome>? Joining { get; set; }

    /// <summary>Set while the member waits for the leader's assignment.</summary>
    public TaskCompletionSource<SyncOutcome>? Syncing { get; set; }

    /// <summary>Ends the membership unless the member is heard of.</summary>
    public ITimer? Session { get; set; }

    public bool Supports(string protocol) => Protocols.Any(own => own.Name == protocol);

    public byte[] MetadataFor(string? protocol) =>
        Protocols.FirstOrDefault(own => own.Name == protocol).Metadata ?? [];

    public bool Offers(List<(string Name, byte[] Metadata)> protocols) =>
        Protocols.Count == protocols.Count
        && Protocols.Zip(protocols).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));
}

/// <summary>What a member learns of the generation it joined, or the error that kept it out.</summary>
internal sealed record JoinOutcome(
    short Error, string MemberId, int Generation, string? ProtocolType, string? Protocol, string Leader,
    IReadOnlyList<(string Id, string? InstanceId, byte[] Metadata)> Members, bool SkipAssignment)
{
    public static JoinOutcome Failed(short error, string memberId) =>
        new(error, memberId, -1, null, null, "", [], SkipAssignment: false);
}

internal sealed record SyncOutcome(short Error, string? ProtocolType, string? Protocol, byte[] Assignment)
{
    public static SyncOutcome Failed(short error) => new(error, null, null, []);
}
