using Grpc.Core;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Finding;

namespace Tributary.Ingestion;

/// <summary>What other services ask; each call is answered by its capability.</summary>
internal sealed class AnswerServices(AnswerFind find) : Contracts.V1.Ingestion.IngestionBase
{
    public override Task<FindEventAnswer> Find(FindEventRequest request, ServerCallContext context) =>
        find.AnswerAsync(request, context.CancellationToken);
}
