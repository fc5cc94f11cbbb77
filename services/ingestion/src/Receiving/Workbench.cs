using Tributary.Ingestion.Keeping;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// What a thread reads and writes events with. Reading and writing one request is done on one thread without a pause,
/// so there are as many as there are threads, and each serves one request after another.
/// </summary>
internal sealed class Workbench(DeviceCache devices)
{
    public ScannedRequest Scanned { get; } = new();

    public Arrival Arrival { get; } = new();

    public EventWriter Writer { get; } = new(devices);

    public Parcel Parcel { get; } = new();
}
