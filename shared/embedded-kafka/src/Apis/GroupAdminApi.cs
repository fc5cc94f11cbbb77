using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Groups are listed, described and deleted.</summary>
internal sealed class GroupAdminApi(GroupStore groups)
{
    private const string ClassicType = "classic";
    private const int OperationsUnknown = int.MinValue;
    private const int GroupOperations = 0b1_0100_1000; // Read, delete, describe.

    public IElement List(ListGroupsRequest request, RequestContext context)
    {
        var response = new ListGroupsResponse();
        foreach (var group in groups.All)
        {
            lock (group.Gate)
            {
                var state = group.State.ToString();
                if (group.IsUnused || !Wanted(request.StatesFilter, state)
                    || !Wanted(request.TypesFilter, ClassicType)) continue;
                response.Groups.Add(new()
                {
                    GroupId = group.Id,
                    ProtocolType = group.ProtocolType ?? "",
                    GroupState = state,
                    GroupType = ClassicType,
                });
            }
        }

        return response;
    }

    public IElement Describe(DescribeGroupsRequest request, RequestContext context) => new DescribeGroupsResponse
    {
        Groups = [.. request.Groups.Select(id => Describe(id, request.IncludeAuthorizedOperations))],
    };

    public async ValueTask<IElement?> DeleteAsync(DeleteGroupsRequest request, RequestContext context)
    {
        var response = new DeleteGroupsResponse();
        foreach (var id in request.GroupsNames)
        {
            var error = ErrorCode.GroupIdNotFound;
            if (groups.Find(id) is { } group)
            {
                lock (group.Gate)
                {
                    error = group.State != GroupState.Empty ? ErrorCode.NonEmptyGroup
                        : group.IsUnused && group.Generation == 0 ? ErrorCode.GroupIdNotFound
                        : ErrorCode.None;
                    if (error == ErrorCode.None) group.State = GroupState.Dead;
                }

                if (error == ErrorCode.None) await groups.DeleteAsync(group);
            }

            response.Results.Add(new() { GroupId = id, ErrorCode = error });
        }

        return response;
    }

    private static bool Wanted(List<string> filter, string value) =>
        filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);

    private DescribeGroupsResponse.DescribedGroup Describe(string id, bool includeOperations)
    {
        var operations = includeOperations ? GroupOperations : OperationsUnknown;
        if (groups.Find(id) is not { } group)
            return new() { GroupId = id, GroupState = nameof(GroupState.Dead), AuthorizedOperations = operations };
        lock (group.Gate)
        {
            var settled = group.State is GroupState.Stable or GroupState.CompletingRebalance;
            return new()
            {
                GroupId = id,
                GroupState = group.State.ToString(),
                ProtocolType = group.ProtocolType ?? "",
                ProtocolData = settled ? group.Protocol ?? "" : "",
                AuthorizedOperations = operations,
                Members =
                [
                    .. group.Members.Select(member => new DescribeGroupsResponse.DescribedGroupMember
                    {
                        MemberId = member.Id,
                        GroupInstanceId = member.InstanceId,
                        ClientId = member.ClientId,
                        ClientHost = member.Host,
                        MemberMetadata = settled ? member.MetadataFor(group.Protocol) : default,
                        MemberAssignment = group.State == GroupState.Stable ? member.Assignment : default,
                    }),
                ],
            };
        }
    }
}
