using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.DeadLetters;

/// <summary>Sends by the process's producer; what is not kept throws, so that the batch is tried again.</summary>
internal sealed class DeadLetterSender(Producers producers) : ISendRecords
{
    public async ValueTask SendAsync(OutgoingRecord record, CancellationToken cancellationToken) =>
        (await producers.Shared.SendAsync([record], cancellationToken)).EnsureKept();
}
