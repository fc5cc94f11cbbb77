using Microsoft.Extensions.Logging.Abstractions;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Tests.Wire;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Storage;

/// <summary>A partition's log in a folder of its own, closed and opened at will.</summary>
internal sealed class LogFixture : IDisposable
{
    private readonly TemporaryFolder folder = new("log");
    private readonly Dictionary<string, string> settings;

    public LogFixture(params (string Name, string Value)[] settings)
    {
        this.settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        Log = Open();
    }

    public ManualTime Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(2_000_000_000_000));
    public PartitionLog Log { get; private set; }
    public string Folder => folder.At("0");
    public string ActiveFile => Directory.EnumerateFiles(Folder, "*.log").Order().Last();
    public LogSurroundings Surroundings { get; private set; } = null!;

    /// <summary>As after a kill: nothing is closed, nothing is noted.</summary>
    public void Reopen() => Log = Open();

    public void Close() => Log.Dispose();

    public Appended Append(params (string? Key, string? Value)[] records) =>
        Log.Append(TestBatch.Of(records, Time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Records of about a size, to fill segments.</summary>
    public void Fill(int batches, int bytes, string key = "k")
    {
        for (var index = 0; index < batches; index++) Append((key + index % 3, new string('x', bytes) + index));
    }

    public List<RecordPlace> Records(long from = 0)
    {
        var all = new List<RecordPlace>();
        while (true)
        {
            var found = Log.Read(from, 1_000_000, atLeastOne: true);
            Assert.That(found.Error, Is.EqualTo(ErrorCode.None));
            if (found.Records.Length == 0) return all;

            var bytes = new byte[found.Records.Length];
            found.Records.Segment.Read(bytes, found.Records.Position);
            found.Records.Release();
            for (var at = 0; at < bytes.Length; at += new Batch(bytes.AsSpan(at)).Size)
            {
                var batch = bytes.AsMemory(at);
                all.AddRange(BatchRecords.Open(batch)!.Value.Records);
                from = new Batch(batch.Span).LastOffset + 1;
            }
        }
    }

    public void Dispose()
    {
        Log.Dispose();
        folder.Dispose();
    }

    private PartitionLog Open()
    {
        Surroundings = new LogSurroundings(FsyncPolicy.Os, Time, NullLogger.Instance);
        return PartitionLog.Open(Folder, TopicSettings.From(settings), Surroundings);
    }
}
