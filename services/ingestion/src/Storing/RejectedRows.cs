using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;
using Tributary.Contracts.V1;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>Rows of <c>events_rejected</c>.</summary>
internal sealed class RejectedRows : IRows
{
    private const int UuidLength = 16;
    private readonly UuidCells _organisation, _source, _rejection;
    private readonly TimeCells _receivedAt;

    public RejectedRows()
    {
        Block = Block.Of(
            ("organisation", "UUID"), ("received_at", "DateTime64(3, 'UTC')"), ("reason", "LowCardinality(String)"),
            ("source", "UUID"), ("rejection", "UUID"), ("route", "LowCardinality(String)"), ("detail", "String"),
            ("message_id", "String"), ("position", "UInt32"), ("body", "String"), ("truncated", "Bool"));
        (_organisation, _source, _rejection) =
            (new(Block["organisation"]), new(Block["source"]), new(Block["rejection"]));
        _receivedAt = new(Block["received_at"]);
    }

    public string Table => "events_rejected";

    public Block Block { get; }

    public void Add(ReadOnlySpan<byte> value, Record record)
    {
        var refused = Read(value);
        var receivedAt = EventTime.ReceivedAt(
            refused.ReceivedAt is { } told ? (told.Seconds * 1_000) + (told.Nanos / 1_000_000) : null, record.Time);

        _organisation.Add(refused.Organisation.Span);
        _receivedAt.Add(receivedAt);
        Block.Column<string>("reason").Add(ReasonText.Of(refused.Reason));
        _source.Add(refused.Source.Span);
        _rejection.Add(refused.Rejection.Span);
        Block.Column<string>("route").Add(refused.Route);
        Block.Column<string>("detail").Add(refused.Detail);
        Block.Column<string>("message_id").Add(refused.MessageId);
        Block.Column<uint>("position").Add((uint)Math.Max(0, refused.Index));
        ((StringColumn)Block["body"]).Add(refused.Body.Span);
        Block.Column<bool>("truncated").Add(refused.Truncated);
    }

    public void Clear() => Block.Clear();

    private static RejectedEvent Read(ReadOnlySpan<byte> value)
    {
        try
        {
            var refused = RejectedEvent.Parser.ParseFrom(value);
            if (refused.Organisation.Length != UuidLength) throw new FormatException("the organisation is no UUID");
            if (refused.Source.Length is not (0 or UuidLength)) throw new FormatException("the source is no UUID");
            return refused.Rejection.Length is 0 or UuidLength
                ? refused
                : throw new FormatException("the rejection is no UUID");
        }
        catch (Google.Protobuf.InvalidProtocolBufferException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }
}
