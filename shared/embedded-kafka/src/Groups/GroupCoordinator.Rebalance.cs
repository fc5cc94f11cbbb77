using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Groups;

/// <summary>How a group goes from one generation to the next. All under the group's lock.</summary>
internal sealed partial class GroupCoordinator
{
    private static Task<JoinOutcome> Await(Member member)
    {
        member.Joining?.TrySetResult(JoinOutcome.Failed(ErrorCode.UnknownMemberId, member.Id));
        member.Joining = new TaskCompletionSource<JoinOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Session?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // Whoever waits here is alive.
        return member.Joining.Task;
    }

    private void Rebalance(Group group, string reason)
    {
        if (group.State != GroupState.PreparingRebalance)
        {
            RebalanceBegan(group.Id, reason);
            foreach (var member in group.Members)
            {
                member.Syncing?.TrySetResult(SyncOutcome.Failed(ErrorCode.RebalanceInProgress));
                member.Syncing = null;
            }

            var first = group.State == GroupState.Empty;
            group.State = GroupState.PreparingRebalance;
            Schedule(group, first ? options.GroupStartDelay : group.Members.Max(member => member.RebalanceTimeout));
            if (first && options.GroupStartDelay > TimeSpan.Zero) return;
        }

        CompleteJoinIfAll(group);
    }

    private void Schedule(Group group, TimeSpan after)
    {
        group.RebalanceTimer?.Dispose();
        group.RebalanceTimer = time.CreateTimer(_ => OnRebalanceTimeout(group), null, after, Timeout.InfiniteTimeSpan);
    }

    private void OnRebalanceTimeout(Group group)
    {
        lock (group.Gate)
        {
            if (group.State == GroupState.PreparingRebalance) CompleteJoin(group);
            else if (group.State == GroupState.CompletingRebalance) PutOutUnsynced(group);
        }
    }

    private void CompleteJoinIfAll(Group group)
    {
        if (group.State != GroupState.PreparingRebalance || group.Pending.Count > 0) return;
        if (group.Generation == 0 && group.Members.Count > 0 && IsInStartDelay(group)) return;
        if (group.Members.All(member => member.Joining is not null)) CompleteJoin(group);
    }

    /// <summary>A group's first generation waits for further members until its timer rings.</summary>
    private bool IsInStartDelay(Group group) =>
        options.GroupStartDelay > TimeSpan.Zero && group.RebalanceTimer is not null && group.Protocol is null;

    private void CompleteJoin(Group group)
    {
        group.RebalanceTimer?.Dispose();
        group.RebalanceTimer = null;
        var late = group.Members.Where(member => member.Joining is null && member.InstanceId is null).ToList();
        foreach (var absent in late)
        {
            group.Remove(absent);
            MemberPutOut(absent.Id, group.Id, "it did not join the rebalance in time");
        }

        if (group.Members.Count > 0 && group.Members.All(member => member.Joining is null))
        {
            Schedule(group, group.Members.Max(member => member.RebalanceTimeout));
            return;
        }

        group.Generation++;
        if (group.Members.Count == 0)
        {
            BecomeEmpty(group);
            return;
        }

        if (group.Find(group.Leader ?? "") is not { Joining: not null })
            group.Leader = group.Members.First(member => member.Joining is not null).Id;
        group.Protocol = group.Vote();
        group.State = GroupState.CompletingRebalance;
        GenerationBegan(group.Id, group.Members.Count, group.Generation);
        foreach (var member in group.Members)
        {
            if (member.Joining is not { } joining) continue; // A static member that is away, until its session ends.
            member.Joining = null;
            KeepAlive(group, member);
            joining.TrySetResult(Joined(group, member));
        }

        Schedule(group, group.Members.Max(member => member.RebalanceTimeout));
    }

    private static JoinOutcome Joined(Group group, Member member)
    {
        IReadOnlyList<(string, string?, byte[])> members = group.Leader == member.Id
            ? [.. group.Members.Select(each => (each.Id, each.InstanceId, each.MetadataFor(group.Protocol)))]
            : [];
        return new JoinOutcome(
            ErrorCode.None, member.Id, group.Generation, group.ProtocolType, group.Protocol, group.Leader ?? "",
                members,
            SkipAssignment: false);
    }

    private void TakeAssignment(Group group, SyncGroupRequest request)
    {
        foreach (var member in group.Members) member.Assignment = [];
        foreach (var assignment in request.Assignments)
        {
            if (group.Find(assignment.MemberId) is { } member) member.Assignment = assignment.Assignment.ToArray();
        }

        group.RebalanceTimer?.Dispose();
        group.RebalanceTimer = null;
        group.State = GroupState.Stable;
        store.KeepGeneration(group);
        foreach (var member in group.Members)
        {
            member.Syncing?.TrySetResult(Assigned(group, member));
            member.Syncing = null;
        }
    }

    private static SyncOutcome Assigned(Group group, Member member) =>
        new(ErrorCode.None, group.ProtocolType, group.Protocol, member.Assignment);

    private void PutOutUnsynced(Group group)
    {
        foreach (var member in group.Members.Where(member => member.Syncing is null).ToList())
        {
            group.Remove(member);
            MemberPutOut(member.Id, group.Id, "it did not sync in time");
        }

        if (group.Members.Count == 0) BecomeEmpty(group);
        else Rebalance(group, "a member did not sync in time");
    }

    private void PutOut(Group group, Member member, string reason)
    {
        member.Joining?.TrySetResult(JoinOutcome.Failed(ErrorCode.UnknownMemberId, ""));
        member.Syncing?.TrySetResult(SyncOutcome.Failed(ErrorCode.UnknownMemberId));
        group.Remove(member);
        MemberPutOut(member.Id, group.Id, reason);
        if (group.State == GroupState.PreparingRebalance) CompleteJoinIfAll(group);
        else if (group.Members.Count > 0) Rebalance(group, $"member {member.Id} is gone");
        else if (group.State != GroupState.Empty)
        {
            group.Generation++;
            BecomeEmpty(group);
        }
    }

    private void BecomeEmpty(Group group)
    {
        group.State = GroupState.Empty;
        group.Protocol = null;
        group.Leader = null;
        group.EmptySince = time.GetUtcNow().ToUnixTimeMilliseconds();
        store.KeepGeneration(group);
    }

    private static void Fence(Member former)
    {
        former.Joining?.TrySetResult(JoinOutcome.Failed(ErrorCode.FencedInstanceId, former.Id));
        former.Syncing?.TrySetResult(SyncOutcome.Failed(ErrorCode.FencedInstanceId));
    }

    private void KeepAlive(Group group, Member member)
    {
        if (member.Session is { } session) session.Change(member.SessionTimeout, Timeout.InfiniteTimeSpan);
        else member.Session =
            time.CreateTimer(_ => OnSilence(group, member), null, member.SessionTimeout, Timeout.InfiniteTimeSpan);
    }

    private void OnSilence(Group group, Member member)
    {
        lock (group.Gate)
        {
            if (group.Find(member.Id) != member || member.Joining is not null || member.Syncing is not null) return;
            PutOut(group, member, "it was not heard of for its session's length");
        }
    }

    private async Task ForgetPendingAsync(Group group, string memberId, TimeSpan session)
    {
        await Task.Delay(session < PendingTimeoutMax ? session : PendingTimeoutMax, time);
        lock (group.Gate)
        {
            if (!group.Pending.Remove(memberId)) return;
            CompleteJoinIfAll(group);
        }
    }
}
