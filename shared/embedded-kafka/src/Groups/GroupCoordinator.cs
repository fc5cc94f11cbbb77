using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Groups;

/// <summary>Who asks: as much of a request's header and connection as a group remembers.</summary>
internal sealed record Caller(string ClientId, string Host);

/// <summary>
/// The classic consumer group protocol: members join, the leader assigns, all sync, each is heard of or is put out.
/// Eager and cooperative assignment look alike from here. Each group is guarded by its own lock.
/// </summary>
internal sealed partial class GroupCoordinator(
    GroupStore store, BrokerOptions options, TimeProvider time, ILogger<GroupCoordinator> logger)
{
    private static readonly TimeSpan PendingTimeoutMax = TimeSpan.FromMinutes(5);

    /// <summary>Gives the members that a restart found their sessions anew.</summary>
    public void Resume()
    {
        foreach (var group in store.All)
        {
            lock (group.Gate)
            {
                foreach (var member in group.Members) KeepAlive(group, member);
            }
        }
    }

    public Task<JoinOutcome> JoinAsync(JoinGroupRequest request, short version, Caller caller)
    {
        var session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        if (request.GroupId.Length == 0) return Failed(request, ErrorCode.InvalidGroupId);
        if (session < options.SessionTimeoutMin || session > options.SessionTimeoutMax)
            return Failed(request, ErrorCode.InvalidSessionTimeout);

        var group = request.MemberId.Length == 0 ? store.FindOrAdd(request.GroupId) : store.Find(request.GroupId);
        if (group is null) return Failed(request, ErrorCode.UnknownMemberId);

        lock (group.Gate)
        {
            if (group.State == GroupState.Dead) return Failed(request, ErrorCode.CoordinatorNotAvailable);
            var names = request.Protocols.Select(protocol => protocol.Name).ToList();
            if (!group.Suits(request.ProtocolType, names, request.MemberId))
                return Failed(request, ErrorCode.InconsistentGroupProtocol);
            return request.MemberId.Length == 0
                ? JoinAnew(group, request, version, caller)
                : JoinAgain(group, request, version, caller);
        }
    }

    public Task<SyncOutcome> SyncAsync(SyncGroupRequest request)
    {
        if (store.Find(request.GroupId) is not { } group) return Task.FromResult(
            SyncOutcome.Failed(ErrorCode.UnknownMemberId));
        lock (group.Gate)
        {
            var error = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId, out var member);
            if (error == ErrorCode.None && Disagrees(group, request)) error = ErrorCode.InconsistentGroupProtocol;
            if (error == ErrorCode.None && group.State == GroupState.PreparingRebalance)
                error = ErrorCode.RebalanceInProgress;
            if (error != ErrorCode.None) return Task.FromResult(SyncOutcome.Failed(error));

            KeepAlive(group, member!);
            if (group.State == GroupState.Stable) return Task.FromResult(Assigned(group, member!));

            member!.Syncing?.TrySetResult(SyncOutcome.Failed(ErrorCode.RebalanceInProgress));
            member.Syncing = new TaskCompletionSource<SyncOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            var waiting = member.Syncing.Task;
            if (group.Leader == member.Id) TakeAssignment(group, request);
            return waiting;
        }
    }

    public short Heartbeat(HeartbeatRequest request)
    {
        if (store.Find(request.GroupId) is not { } group) return ErrorCode.UnknownMemberId;
        lock (group.Gate)
        {
            var error = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId, out var member);
            if (error != ErrorCode.None) return error;
            KeepAlive(group, member!);
            return group.State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public short Leave(string groupId, string memberId, string? instanceId)
    {
        if (store.Find(groupId) is not { } group) return ErrorCode.UnknownMemberId;
        lock (group.Gate)
        {
            if (group.Pending.Remove(memberId))
            {
                CompleteJoinIfAll(group);
                return ErrorCode.None;
            }

            var member = instanceId is null ? group.Find(memberId) : group.FindInstance(instanceId);
            if (member is null) return ErrorCode.UnknownMemberId;
            if (instanceId is not null && memberId.Length > 0
                && member.Id != memberId) return ErrorCode.FencedInstanceId;
            PutOut(group, member, "it left");
            return ErrorCode.None;
        }
    }

    /// <summary>Whether offsets may be committed by someone who says to be a member, or by no member.</summary>
    public short CheckCommit(Group group, string memberId, string? instanceId, int generation)
    {
        lock (group.Gate)
        {
            if (group.State == GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
            if (generation < 0 && memberId.Length == 0 && instanceId is null)
                return group.State == GroupState.Empty ? ErrorCode.None : ErrorCode.UnknownMemberId;
            if (group.Members.Count == 0 && group.Offsets.Count == 0 && group.Generation == 0)
                return ErrorCode.IllegalGeneration;

            var error = Check(group, memberId, instanceId, generation, out var member);
            if (error != ErrorCode.None) return error;
            KeepAlive(group, member!);
            return group.State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    private static Task<JoinOutcome> Failed(JoinGroupRequest request, short error) =>
        Task.FromResult(JoinOutcome.Failed(error, request.MemberId));

    private Task<JoinOutcome> JoinAnew(Group group, JoinGroupRequest request, short version, Caller caller)
    {
        if (group.Members.Count + group.Pending.Count >= options.GroupMembersMax
            && group.FindInstance(request.GroupInstanceId) is null)
            return Failed(request, ErrorCode.GroupMaxSizeReached);

        var id = $"{request.GroupInstanceId ?? caller.ClientId}-{Guid.NewGuid()}";
        if (request.GroupInstanceId is null && version >= 4)
        {
            group.Pending.Add(id);
            _ = ForgetPendingAsync(group, id, TimeSpan.FromMilliseconds(request.SessionTimeoutMs));
            return Task.FromResult(JoinOutcome.Failed(ErrorCode.MemberIdRequired, id));
        }

        var member = NewMember(id, request, version, caller);
        if (group.FindInstance(request.GroupInstanceId) is { } former) return TakeOver(group, former, member, version);
        return AddAndRebalance(group, member);
    }

    private Task<JoinOutcome> JoinAgain(Group group, JoinGroupRequest request, short version, Caller caller)
    {
        if (group.Pending.Remove(request.MemberId))
            return AddAndRebalance(group, NewMember(request.MemberId, request, version, caller));
        if (request.GroupInstanceId is { } instance
            && group.FindInstance(instance) is { } holder && holder.Id != request.MemberId)
            return Failed(request, ErrorCode.FencedInstanceId);
        if (group.Find(request.MemberId) is not { } member) return Failed(request, ErrorCode.UnknownMemberId);

        var protocols = Protocols(request);
        var unchanged = member.Offers(protocols);
        var settled = group.State == GroupState.CompletingRebalance && unchanged
            || group.State == GroupState.Stable && unchanged && group.Leader != member.Id;
        Update(member, request, version, protocols);
        if (settled)
        {
            KeepAlive(group, member);
            return Task.FromResult(Joined(group, member));
        }

        var waiting = Await(member);
        Rebalance(group, $"member {member.Id} joined again");
        return waiting;
    }

    private Task<JoinOutcome> TakeOver(Group group, Member former, Member member, short version)
    {
        var sameProtocol = group.State == GroupState.Stable && former.Offers(member.Protocols);
        var leader = group.Leader;
        member.Assignment = former.Assignment;
        Fence(former);
        group.Replace(former, member);
        if (!sameProtocol)
        {
            var waiting = Await(member);
            Rebalance(group, $"static member {member.InstanceId} came back");
            return waiting;
        }

        KeepAlive(group, member);
        store.KeepGeneration(group);
        var joined = Joined(group, member);
        // Who led before leads still, and must not assign again: newer clients are told so, older ones see the old id.
        return Task.FromResult(version >= 9
            ? joined with { SkipAssignment = group.Leader == member.Id }
            : joined with { Leader = leader ?? "", Members = [] });
    }

    private Task<JoinOutcome> AddAndRebalance(Group group, Member member)
    {
        group.Add(member);
        var waiting = Await(member);
        Rebalance(group, $"member {member.Id} joined");
        return waiting;
    }

    private static Member NewMember(string id, JoinGroupRequest request, short version, Caller caller)
    {
        var member = new Member(id, request.GroupInstanceId, caller.ClientId, caller.Host, request.ProtocolType);
        Update(member, request, version, Protocols(request));
        return member;
    }

    private static void Update(
        Member member, JoinGroupRequest request, short version, List<(string Name, byte[] Metadata)> protocols)
    {
        member.SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        member.RebalanceTimeout = version == 0
            ? member.SessionTimeout
            : TimeSpan.FromMilliseconds(request.RebalanceTimeoutMs);
        member.Protocols = protocols;
    }

    private static List<(string Name, byte[] Metadata)> Protocols(JoinGroupRequest request) =>
        [.. request.Protocols.Select(protocol => (protocol.Name, protocol.Metadata.ToArray()))];

    private static bool Disagrees(Group group, SyncGroupRequest request) =>
        request.ProtocolType is { } type && type != group.ProtocolType
        || request.ProtocolName is { } name && name != group.Protocol;

    private static short Check(Group group, string memberId, string? instanceId, int generation, out Member? member)
    {
        member = group.Find(memberId);
        if (instanceId is not null)
        {
            var holder = group.FindInstance(instanceId);
            if (holder is null) return ErrorCode.UnknownMemberId;
            if (holder.Id != memberId) return ErrorCode.FencedInstanceId;
        }

        if (member is null) return ErrorCode.UnknownMemberId;
        return generation == group.Generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    [LoggerMessage(LogLevel.Information, "Group {Group} rebalances: {Reason}")]
    private partial void RebalanceBegan(string group, string reason);

    [LoggerMessage(LogLevel.Information, "Group {Group} has {Members} members in generation {Generation}")]
    private partial void GenerationBegan(string group, int members, int generation);

    [LoggerMessage(LogLevel.Information, "Member {Member} was put out of group {Group}: {Reason}")]
    private partial void MemberPutOut(string member, string group, string reason);
}
