using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary><c>Ingestion.Find</c>: the same answer as over HTTP, for services.</summary>
internal sealed class AnswerFind(FindEvent find)
{
    public async Task<FindEventAnswer> AnswerAsync(FindEventRequest request, CancellationToken cancellationToken)
    {
        if (request.Organisation.Length != 16)
            throw new RpcException(new(StatusCode.InvalidArgument, "organisation has the 16 bytes of a UUID"));
        if (request.MessageId.Length == 0
            || System.Text.Encoding.UTF8.GetByteCount(request.MessageId) > FindEvent.MessageIdBytesMax)
        {
            throw new RpcException(new(
                StatusCode.InvalidArgument, $"message_id has 1 to {FindEvent.MessageIdBytesMax} bytes"));
        }

        var organisation = new Guid(request.Organisation.Span, bigEndian: true);
        return await find.AskAsync(EventKey.Of(organisation, request.MessageId), cancellationToken) switch
        {
            null => throw new RpcException(new(
                StatusCode.Unavailable, "ClickHouse does not answer, and the event is not among those on their way")),
            FoundEvent.Taken taken => Of(taken),
            FoundEvent.Refused refused => Of(refused),
            FoundEvent.Unknown unknown => new() { Detail = unknown.Reason },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static FindEventAnswer Of(FoundEvent.Taken taken) => new()
    {
        Place = taken.Place,
        At = taken.Steps.Count > 0 ? Timestamp.FromDateTimeOffset(taken.Steps[^1].At) : null,
        Steps = { taken.Steps.Select(Of) },
        Event = taken.Event,
        Repeats = taken.Repeats,
    };

    private static FindEventAnswer Of(FoundEvent.Refused refused) => new()
    {
        Place = EventPlace.Rejected,
        At = refused.Refusal.ReceivedAt,
        Reason = refused.Refusal.Reason,
        Detail = refused.Refusal.Detail,
        Steps = { refused.Steps.Select(Of) },
        Rejected = refused.Refusal,
    };

    private static Contracts.V1.EventStep Of(EventStep step) => new()
    {
        Place = step.Place,
        At = Timestamp.FromDateTimeOffset(step.At),
        Topic = step.Record?.Topic ?? "",
        Partition = step.Record?.Partition ?? 0,
        Offset = step.Record?.Offset ?? 0,
    };
}
