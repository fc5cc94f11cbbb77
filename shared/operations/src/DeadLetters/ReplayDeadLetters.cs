using Tributary.Streaming;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Writing;

namespace Tributary.Operations.DeadLetters;

/// <summary>
/// <c>dead replay</c>: puts dead letters into the service's retry topic. Doing it twice is harmless: a reader applies
/// an origin once.
/// </summary>
internal sealed class ReplayDeadLetters(Servers servers, TextWriter output)
{
    private const int RecordsAtOnce = 500;
    private const int OriginsMax = 1_000_000; // What is remembered of a run, so that a letter written twice goes once.

    public async Task<int> RunAsync(string service, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var retries = DeadLetter.RetryTopicOf(service);
        HashSet<(string Consumer, Origin Origin)> seen = [];
        List<OutgoingRecord> ready = [];
        var (sent, repeated) = (0, 0);
        await foreach (var found in new DeadLetterTopic(servers, service).ReadAsync(after: -1, cancellationToken))
        {
            if (!filter.Includes(found)) continue;
            if (seen.Count < OriginsMax && !seen.Add((found.Letter.Consumer, found.Letter.Origin)))
            {
                repeated++;
                continue;
            }
            ready.Add(found.Letter.ToRecord(retries));
            if (ready.Count == RecordsAtOnce) sent += await SendAsync(ready, cancellationToken);
        }
        sent += await SendAsync(ready, cancellationToken);
        await output.WriteLineAsync(
            $"{sent} to be tried again by {service}"
            + (repeated == 0 ? "" : $"; {repeated} more were dead letters of the same records"));
        return 0;
    }

    private async Task<int> SendAsync(List<OutgoingRecord> ready, CancellationToken cancellationToken)
    {
        var deliveries = await servers.Producer.SendAsync(ready, cancellationToken);
        if (deliveries.Each.FirstOrDefault(delivery => delivery is not Delivery.Kept) is { } failed)
            throw new OperationRefusedException(
                $"not all could be sent ({failed}); repeat the command, what was sent is not applied twice");
        ready.Clear();
        return deliveries.Each.Count;
    }
}
