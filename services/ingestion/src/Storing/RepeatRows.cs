using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;
using Tributary.Ingestion.Deduplicating;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>Rows of <c>events_repeated</c>, from the headers of <c>events.v1</c>.</summary>
internal sealed class RepeatRows
{
    public const string Table = "events_repeated";

    public Block Block { get; } = Block.Of(
        ("organisation", "UUID"), ("source", "UUID"), ("at", "DateTime('UTC')"), ("repeats", "UInt64"));

    public void Add(Record record)
    {
        foreach (var (organisation, source, repeats) in Repeats.Of(record.Headers))
        {
            Block.Column<Guid>("organisation").Add(organisation);
            Block.Column<Guid>("source").Add(source);
            ((ConvertedColumn<uint, DateTime>)Block["at"]).Kept.Add(
                (uint)(EventTime.ReceivedAt(receivedAt: null, record.Time) / 1_000));
            Block.Column<ulong>("repeats").Add((ulong)repeats);
        }
    }
}
