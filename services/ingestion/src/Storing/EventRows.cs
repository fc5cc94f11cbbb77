using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;
using Tributary.Ingestion.Deduplicating;
using Tributary.Ingestion.Wire;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// Rows of <c>events</c>, straight from the events' bytes to ClickHouse's columns; beside them the repeats that the
/// records' headers tell.
/// </summary>
internal sealed class EventRows : IRows
{
    private readonly UuidCells _organisation, _app, _source;
    private readonly TimeCells _at, _receivedAt;
    private readonly FixedColumn<byte> _sessionStart, _bot;
    private readonly FixedColumn<long> _revenue;
    private readonly TextCells _event, _type, _channel, _country, _region, _city, _device, _os, _browser, _currency;
    private readonly TextCells[] _utm;
    private readonly (int Field, StringColumn Column)[] _plain;
    private readonly StringColumn _person;
    private readonly MapColumn _clickIds;
    private readonly RepeatRows _repeats = new();

    public EventRows()
    {
        Block = Block.Of(EventTable.Columns);
        (_organisation, _app, _source) = (new(Block["organisation"]), new(Block["app"]), new(Block["source"]));
        (_at, _receivedAt) = (new(Block["at"]), new(Block["received_at"]));
        _sessionStart = ((ConvertedColumn<byte, bool>)Block["session_start"]).Kept;
        _bot = ((ConvertedColumn<byte, bool>)Block["bot"]).Kept;
        _revenue = ((ConvertedColumn<long, decimal>)Block["revenue"]).Kept;
        (_event, _type, _channel) = (new(Block["event"]), new(Block["type"]), new(Block["channel"]));
        (_country, _region, _city) = (new(Block["country"]), new(Block["region"]), new(Block["city"]));
        (_device, _os, _browser) = (new(Block["device"]), new(Block["os"]), new(Block["browser"]));
        _currency = new(Block["currency"]);
        _utm = [.. EventTable.Utm.Select(name => new TextCells(Block[name]))];
        _plain = [.. EventTable.Plain.Select(plain => (plain.Field, (StringColumn)Block[plain.Column]))];
        _person = (StringColumn)Block["person"];
        _clickIds = (MapColumn)Block["click_ids"];
    }

    public string Table => "events";

    public Block Block { get; }

    public string TableBeside => RepeatRows.Table;

    public Block? Beside => _repeats.Block.RowCount > 0 ? _repeats.Block : null;

    public void Add(ReadOnlySpan<byte> value, Record record)
    {
        var sent = new EventFields(value);
        var receivedAt = EventTime.ReceivedAt(sent.Time(8), record.Time);
        var money = EventMoney.Of(sent[12]);

        _organisation.Add(sent[1]);
        _source.Add(sent[2]);
        _app.Add(sent[15]);
        _type.Add(sent[4]);
        _event.Add(sent[5].IsEmpty ? sent[4] : sent[5]);
        _at.Add(EventTime.At(sent.Time(11), receivedAt));
        _receivedAt.Add(receivedAt);
        _person.Add(sent[6].IsEmpty ? sent[7] : sent[6]);
        _sessionStart.Add(sent.IsSessionStart ? (byte)1 : (byte)0);
        _channel.Add(sent[22]);
        _revenue.Add(money.Revenue);
        _currency.Add(money.Currency);
        foreach (var (field, column) in _plain) column.Add(sent[field]);
        AddUtm(sent[18]);
        AddClickIds(sent.Value);
        AddDevice(sent[28]);
        AddPlace(sent[29]);
        if (record.Headers.Count > 0) _repeats.Add(record);
    }

    public void Clear()
    {
        Block.Clear();
        _repeats.Block.Clear();
    }

    private void AddUtm(ReadOnlySpan<byte> utm)
    {
        var told = new SmallFields(utm);
        for (var index = 0; index < _utm.Length; index++) _utm[index].Add(told[index + 1]);
    }

    private void AddClickIds(ReadOnlySpan<byte> value)
    {
        for (var fields = new WireFields(value); fields.Read();)
        {
            if (fields.Number != 19) continue;
            var told = new SmallFields(fields.Bytes);
            ((LowCardinalityColumn<string>)_clickIds.Keys).AddText(told[1]);
            ((StringColumn)_clickIds.Values).Add(told[2]);
        }
        _clickIds.EndRow();
    }

    private void AddDevice(ReadOnlySpan<byte> device)
    {
        var told = new SmallFields(device);
        _device.Add(told[1]);
        _os.Add(told[3]);
        _browser.Add(told[5]);
        _bot.Add(told.Flag7 ? (byte)1 : (byte)0);
    }

    private void AddPlace(ReadOnlySpan<byte> place)
    {
        var told = new SmallFields(place);
        _country.Add(told[1]);
        _region.Add(told[2]);
        _city.Add(told[3]);
    }
}
