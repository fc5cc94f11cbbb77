using System.Diagnostics;
using Tributary.Contracts;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>Puts parcels where they last, and says when they do.</summary>
internal sealed class Keeper : IDisposable
{
    private readonly ByteProducer _log;

    public Keeper(Producers producers) => _log = producers.Bytes(Topics.Received, new ByteProducerOptions("edge"));

    /// <summary>The parcel may be used again when this returns its task.</summary>
    public async ValueTask<Outcome> KeepAsync(Parcel parcel) =>
        await _log.SendAsync(parcel.Buffer, parcel.Places) switch
        {
            null => Outcome.InLog,
            Delivery.Refused { Lasting: true, Reason: var reason } => new Outcome.Never(reason),
            Delivery.Refused { Reason: var reason } => new Outcome.NotNow(reason),
            Delivery.Unknown { Reason: var reason } => new Outcome.Unknown(reason),
            _ => throw new UnreachableException(),
        };

    public void Dispose() => _log.Dispose();
}
