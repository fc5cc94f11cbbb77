using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Membership of consumer groups.</summary>
internal sealed class GroupApi(GroupCoordinator coordinator)
{
    private const short FirstVersionOfMany = 3;

    public async ValueTask<IElement?> JoinAsync(JoinGroupRequest request, RequestContext context)
    {
        var version = context.Version;
        var joined = await coordinator.JoinAsync(request, version, context.Caller).WaitAsync(context.Cancelled);
        return new JoinGroupResponse
        {
            ErrorCode = joined.Error,
            GenerationId = joined.Generation,
            ProtocolType = joined.ProtocolType,
            ProtocolName = joined.Protocol ?? (version >= 7 ? null : ""),
            Leader = joined.Leader,
            SkipAssignment = joined.SkipAssignment,
            MemberId = joined.MemberId,
            Members =
            [
                .. joined.Members.Select(member => new JoinGroupResponse.JoinGroupResponseMember
                {
                    MemberId = member.Id,
                    GroupInstanceId = member.InstanceId,
                    Metadata = member.Metadata,
                }),
            ],
        };
    }

    public async ValueTask<IElement?> SyncAsync(SyncGroupRequest request, RequestContext context)
    {
        var synced = await coordinator.SyncAsync(request).WaitAsync(context.Cancelled);
        return new SyncGroupResponse
        {
            ErrorCode = synced.Error,
            ProtocolType = synced.ProtocolType,
            ProtocolName = synced.Protocol,
            Assignment = synced.Assignment,
        };
    }

    public IElement Heartbeat(HeartbeatRequest request, RequestContext context) =>
        new HeartbeatResponse { ErrorCode = coordinator.Heartbeat(request) };

    public IElement Leave(LeaveGroupRequest request, RequestContext context)
    {
        if (context.Version < FirstVersionOfMany)
        {
            var error = coordinator.Leave(request.GroupId, request.MemberId, instanceId: null);
            return new LeaveGroupResponse { ErrorCode = error };
        }

        return new LeaveGroupResponse
        {
            Members =
            [
                .. request.Members.Select(member => new LeaveGroupResponse.MemberResponse
                {
                    MemberId = member.MemberId,
                    GroupInstanceId = member.GroupInstanceId,
                    ErrorCode = coordinator.Leave(request.GroupId, member.MemberId, member.GroupInstanceId),
                }),
            ],
        };
    }
}
