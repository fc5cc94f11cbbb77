using System.Security.Cryptography;
using Tributary.Ingestion.Keeping;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// Writes events as protobuf (<c>tributary/v1/event.proto</c>) straight from the bytes that came. Allocates nothing.
/// Of one thread; what it unescaped for one event is overwritten by the next.
/// </summary>
internal sealed class EventWriter(DeviceCache devices)
{
    /// <summary>A longer message id is replaced by its SHA-256, which no other one has.</summary>
    public const int MessageIdBytesMax = 256;

    /// <summary>The topic takes more: its limit is of a batch on the wire, with what is around a record.</summary>
    public const int EventBytesMax = (6 << 20) - (64 << 10);

    private const int KeyPrefix = 37; // The organisation and a slash.
    private const int Slack = 8 << 10; // All that is not copied from the event: ids, times, lengths, the device.
    private const int ScratchKept = 1 << 20;
    private const int MomentLengthMax = 128; // Of any way to write a moment, escapes and all.
    private byte[] _scratch = [];
    private int _scratched;
    private int _scratchWanted;

    /// <summary>
    /// Every event of a request into the parcel. Null, or why the request is refused, and because of which event.
    /// </summary>
    public Refusal? Write(
        ReadOnlySpan<byte> body, ScannedRequest request, Arrival arrival, Parcel parcel, out int refused)
    {
        if (_scratch.Length > ScratchKept) _scratch = [];
        for (refused = 0; refused < request.Count; refused++)
        {
            if (Write(body, in request.Events[refused], request.SentAt, arrival, parcel) is { } refusal) return refusal;
        }
        return null;
    }

    private Refusal? Write(
        ReadOnlySpan<byte> body, scoped ref readonly EventFields fields, Slice requestSentAt, Arrival arrival,
        Parcel parcel)
    {
        (_scratched, _scratchWanted) = (0, 3 * fields.Whole.Length + Slack);
        var userId = JsonText.Trim(Text(body, fields.UserId));
        var anonymousId = JsonText.Trim(Text(body, fields.AnonymousId));
        if (userId.IsEmpty && anonymousId.IsEmpty) return Refusal.NoIdentity;

        // What is copied is part of the event, of its context, or of the address in that: each is copied once.
        var room = parcel.Room(checked(3 * fields.Whole.Length + Slack));
        var keyLength = WriteKey(room, arrival.Organisation, anonymousId.IsEmpty ? userId : anonymousId);
        var writer = new ProtoWriter(room[keyLength..]);

        writer.Guid(1, arrival.Organisation);
        writer.Guid(2, arrival.Source);
        WriteMessageId(ref writer, JsonText.Trim(Text(body, fields.MessageId)), arrival.ReceivedAt);
        var type = arrival.Type ?? Text(body, fields.Type);
        writer.Bytes(4, type);
        if (type.SequenceEqual("track"u8)) writer.Bytes(5, Text(body, fields.Event));
        writer.Bytes(6, userId);
        writer.Bytes(7, anonymousId);
        WriteTimes(ref writer, body, in fields, requestSentAt, arrival.ReceivedAt);
        writer.Bytes(12, fields.Properties.In(body));
        writer.Bytes(13, fields.Context.Whole.In(body));
        writer.Bytes(14, (fields.Traits.IsEmpty ? fields.Context.Traits : fields.Traits).In(body));
        writer.Guid(15, arrival.App);
        WriteSender(ref writer, body, in fields, arrival);
        WriteVisit(ref writer, body, in fields.Context);
        writer.Bytes(22, Text(body, fields.Channel));
        writer.Bytes(23, Text(body, fields.PreviousId));
        writer.Bytes(24, Text(body, fields.GroupId));
        if (type.SequenceEqual("page"u8) || type.SequenceEqual("screen"u8)) writer.Bytes(25, Text(body, fields.Name));
        WritePlace(ref writer, body, in fields.Context, arrival);

        if (keyLength + writer.Length > EventBytesMax) return Refusal.EventTooLarge;
        parcel.Add(keyLength, writer.Length);
        return null;
    }

    /// <summary>The bytes of <c>Topics.Received.Key</c>.</summary>
    private static int WriteKey(Span<byte> room, Guid organisation, ReadOnlySpan<byte> person)
    {
        organisation.TryFormat(room, out var written, "D");
        room[written] = (byte)'/';
        person.CopyTo(room[KeyPrefix..]);
        return KeyPrefix + person.Length;
    }

    private static void WriteMessageId(ref ProtoWriter writer, ReadOnlySpan<byte> id, long receivedAt)
    {
        const int HexLength = 2 * SHA256.HashSizeInBytes;
        Span<byte> made = stackalloc byte[HexLength];
        if (id.IsEmpty)
        {
            Guid.CreateVersion7(new DateTimeOffset(receivedAt, TimeSpan.Zero)).TryFormat(made, out var length, "D");
            writer.Bytes(3, made[..length]);
        }
        else if (id.Length > MessageIdBytesMax)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(id, hash);
            Convert.TryToHexStringLower(hash, made, out _);
            writer.Bytes(3, made);
        }
        else
        {
            writer.Bytes(3, id);
        }
    }

    private void WriteTimes(
        ref ProtoWriter writer, ReadOnlySpan<byte> body, scoped ref readonly EventFields fields, Slice requestSentAt,
        long receivedAt)
    {
        var sentAt = Moment(body, fields.SentAt) ?? Moment(body, requestSentAt);
        var said = Moment(body, fields.OriginalTimestamp);
        var timestamp = Moment(body, fields.Timestamp);
        writer.Time(8, receivedAt);
        if (sentAt is { } sent) writer.Time(9, sent);
        if (EventTimes.Original(sentAt, said, timestamp) is { } original) writer.Time(10, original);
        writer.Time(11, EventTimes.Decide(receivedAt, sentAt, said, timestamp));
    }

    private void WriteSender(
        ref ProtoWriter writer, ReadOnlySpan<byte> body, scoped ref readonly EventFields fields, Arrival arrival)
    {
        Span<byte> address = stackalloc byte[IpText.BytesMax];
        var length = IpText.Read(Text(body, fields.Context.Ip), address);
        if (length == 0) length = IpText.Read(Text(body, fields.RequestIp), address);
        if (length > 0) writer.Bytes(16, address[..length]);
        else writer.Bytes(16, arrival.Address);
        writer.Bytes(17, UserAgentOf(body, in fields.Context, arrival));
    }

    private void WriteVisit(ref ProtoWriter writer, ReadOnlySpan<byte> body, scoped ref readonly ContextFields context)
    {
        var address = Text(body, context.PageUrl);
        if (!address.Contains((byte)'?')) address = Text(body, context.PageSearch);
        var marks = PageAddress.Read(address);

        var campaign = writer.Open(18);
        for (var part = 0; part < CampaignParts.Count; part++)
        {
            var said = Text(body, context.Campaign[part]);
            writer.Bytes(part + 1, said.IsEmpty ? Decoded(marks.Campaign[part].In(address)) : said);
        }
        writer.CloseUnlessEmpty(campaign, 18);
        for (var index = 0; index < ClickIds.Count; index++)
        {
            var said = marks.ClickIds[index].IsEmpty
                ? Text(body, context.ClickIds[index]) : Decoded(marks.ClickIds[index].In(address));
            if (said.IsEmpty) continue;
            var click = writer.Open(19);
            writer.Bytes(1, ClickIds.Names[index]);
            writer.Bytes(2, said);
            writer.Close(click);
        }
        writer.Bytes(20, Text(body, context.SessionId));
        if (context.SessionStart.In(body).SequenceEqual("true"u8)) writer.True(21);
    }

    private void WritePlace(
        ref ProtoWriter writer, ReadOnlySpan<byte> body, scoped ref readonly ContextFields context, Arrival arrival)
    {
        writer.Bytes(26, Text(body, context.PageUrl));
        writer.Bytes(27, Text(body, context.PageReferrer));
        writer.Bytes(28, devices.Of(UserAgentOf(body, in context, arrival)));
        writer.Bytes(30, Text(body, context.Locale));
        var (name, version) = (context.LibraryName, context.LibraryVersion);
        if (version.IsEmpty) writer.Bytes(31, Text(body, name));
        else WriteLibrary(ref writer, Text(body, name), Text(body, version));
    }

    private void WriteLibrary(ref ProtoWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> version)
    {
        var text = Scratch(name.Length + 1 + version.Length);
        name.CopyTo(text);
        text[name.Length] = (byte)'/';
        version.CopyTo(text[(name.Length + 1)..]);
        writer.Bytes(31, text);
    }

    private ReadOnlySpan<byte> UserAgentOf(
        ReadOnlySpan<byte> body, scoped ref readonly ContextFields context, Arrival arrival) =>
        context.UserAgent.IsEmpty ? arrival.BrowserAgent : Text(body, context.UserAgent);

    private long? Moment(ReadOnlySpan<byte> body, Slice slice) =>
        slice.Length <= MomentLengthMax ? Instant.Read(Text(body, slice)) : null;

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> body, Slice slice)
    {
        var raw = slice.In(body);
        if (!slice.IsEscaped || raw.IsEmpty) return raw;
        var text = Scratch(raw.Length);
        return text[..JsonText.Unescape(raw, text)];
    }

    private ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny((byte)'%', (byte)'+') < 0) return value;
        var text = Scratch(value.Length);
        return text[..PageAddress.Decode(value, text)];
    }

    /// <summary>Room for a text of this event. Three times the event is enough: few are asked for twice.</summary>
    private Span<byte> Scratch(int bytes)
    {
        if (_scratched == 0 && _scratch.Length < _scratchWanted)
            _scratch = GC.AllocateUninitializedArray<byte>(_scratchWanted);
        var room = _scratch.AsSpan(_scratched, bytes);
        _scratched += bytes;
        return room;
    }
}
