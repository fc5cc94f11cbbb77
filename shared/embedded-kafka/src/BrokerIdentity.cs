using System.Globalization;
using System.Text;
using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka;

/// <summary>Who this broker is to its clients. The cluster's id lasts as long as the data folder.</summary>
internal sealed record BrokerIdentity(string ClusterId, string Host, int Port)
{
    public int NodeId { get; } = 1;
    public string NodeName { get; } = "1";
    public List<int> Nodes { get; } = [1];
}

/// <summary>
/// The data folder as a whole: of this format, used by one process at a time, with what belongs to the broker and not
/// to a topic: the cluster's id and the producer ids given out.
/// </summary>
internal sealed class BrokerFolder : IDisposable
{
    private const string Format = "1";
    private const int ProducerIdsAhead = 1_000;

    private readonly string path;
    private readonly FileStream held;
    private readonly Lock gate = new();
    private long nextProducerId;
    private long producerIdsNoted;

    public BrokerFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        path = Path.Combine(folder, "broker");
        held = Hold(folder);
        var values = File.Exists(path) ? Lines.Read(path) : Fresh(folder);
        var format = values.GetValueOrDefault("format", "none");
        if (format != Format)
        {
            throw new InvalidDataException(
                $"{folder} is of format {format}, and this broker reads format {Format} alone: "
                + "move it away, or use the broker that wrote it.");
        }

        ClusterId = values["cluster"];
        nextProducerId = producerIdsNoted = long.Parse(values["producers"], CultureInfo.InvariantCulture);
        if (!File.Exists(path)) Write();
    }

    public string ClusterId { get; }

    /// <summary>An id that was never given out before, over restarts, too.</summary>
    public long NextProducerId()
    {
        lock (gate)
        {
            if (nextProducerId == producerIdsNoted)
            {
                producerIdsNoted += ProducerIdsAhead;
                Write();
            }

            return nextProducerId++;
        }
    }

    public void Dispose() => held.Dispose();

    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new InvalidDataException($"{folder} is in use by another broker.", taken);
        }
    }

    private static Dictionary<string, string> Fresh(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "topics")))
            return new Dictionary<string, string> { ["format"] = "unknown" };
        return new Dictionary<string, string>
        {
            ["format"] = Format,
            ["cluster"] = NewClusterId(),
            ["producers"] = "1000",
        };
    }

    private static string NewClusterId() =>
        Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', 'A').Replace('/', 'B');

    private void Write() => Files.Replace(path, Encoding.UTF8.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture, $"format={Format}\ncluster={ClusterId}\nproducers={producerIdsNoted}\n")));
}
