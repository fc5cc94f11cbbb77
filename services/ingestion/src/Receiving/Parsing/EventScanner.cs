using System.Text.Json;
using System.Text.Unicode;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// One pass over a body: notes where each event's fields stand, makes no objects, copies nothing. What is not known is
/// passed by, after its nesting and its keys are counted.
/// </summary>
internal ref struct EventScanner
{
    public const int DepthMax = 64;
    public const int KeysMax = 10_000;

    private readonly ReadOnlySpan<byte> _body;
    private readonly ScannedRequest _found;
    private Utf8JsonReader _reader;
    private Refusal? _refusal;
    private int _keys;

    private EventScanner(ReadOnlySpan<byte> body, ScannedRequest found)
    {
        _body = body;
        _found = found;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DepthMax + 2 }); // Ours comes first.
    }

    /// <summary>Null when every event was found. Otherwise why not; what was found before is in the request.</summary>
    public static Refusal? Scan(ReadOnlySpan<byte> body, bool isBatch, ScannedRequest found)
    {
        found.Clear();
        if (body.IsEmpty) return Refusal.Empty;
        if (!Utf8.IsValid(body)) return Refusal.NotUtf8; // The JSON reader does not look into strings.
        var scanner = new EventScanner(body, found);
        try
        {
            scanner.ScanRequest(isBatch);
            if (scanner._refusal is null && scanner._reader.Read()) return Refusal.InvalidJson;
            return scanner._refusal;
        }
        catch (JsonException)
        {
            return Refusal.InvalidJson;
        }
    }

    private void ScanRequest(bool isBatch)
    {
        Next();
        if (isBatch)
        {
            if (_reader.TokenType is JsonTokenType.StartObject) ScanBatch();
            else Skip();
            if (_found.Count == 0) _refusal ??= Refusal.EmptyBatch;
            return;
        }
        if (_reader.TokenType is not JsonTokenType.StartObject) _refusal ??= Refusal.NotAnEvent;
        else ScanEvent(ref _found.Add());
    }

    private void ScanBatch()
    {
        while (NextKey(out var key))
        {
            if (key.SequenceEqual("batch"u8)) ScanEvents();
            else if (key.SequenceEqual("sentAt"u8)) _found.SentAt = Scalar();
            else if (key.SequenceEqual("writeKey"u8)) _found.WriteKey = Scalar();
            else Pass();
        }
    }

    private void ScanEvents()
    {
        _found.RemoveEvents();
        Next();
        if (_reader.TokenType is not JsonTokenType.StartArray)
        {
            Skip();
            return;
        }
        while (Next() && _reader.TokenType is not JsonTokenType.EndArray)
        {
            if (_reader.TokenType is not JsonTokenType.StartObject)
            {
                _refusal = Refusal.NotAnEvent;
                _found.Add();
                return;
            }
            if (_found.Count == ScannedRequest.EventsMax)
            {
                _refusal = Refusal.TooManyEvents;
                return;
            }
            _keys = 0;
            ScanEvent(ref _found.Add());
        }
    }

    private void ScanEvent(ref EventFields fields)
    {
        var start = Position;
        while (NextKey(out var key))
        {
            switch (key.Length)
            {
                case 4 when key.SequenceEqual("type"u8): fields.Type = Scalar(); break;
                case 4 when key.SequenceEqual("name"u8): fields.Name = Scalar(); break;
                case 5 when key.SequenceEqual("event"u8): fields.Event = Scalar(); break;
                case 6 when key.SequenceEqual("userId"u8): fields.UserId = Scalar(); break;
                case 6 when key.SequenceEqual("sentAt"u8): fields.SentAt = Scalar(); break;
                case 6 when key.SequenceEqual("traits"u8): fields.Traits = Json(); break;
                case 7 when key.SequenceEqual("context"u8): ScanContext(ref fields.Context); break;
                case 7 when key.SequenceEqual("channel"u8): fields.Channel = Scalar(); break;
                case 7 when key.SequenceEqual("groupId"u8): fields.GroupId = Scalar(); break;
                case 8 when key.SequenceEqual("writeKey"u8): _found.WriteKeyOfEvent = Scalar(); break;
                case 9 when key.SequenceEqual("messageId"u8): fields.MessageId = Scalar(); break;
                case 9 when key.SequenceEqual("timestamp"u8): fields.Timestamp = Scalar(); break;
                case 10 when key.SequenceEqual("properties"u8): fields.Properties = Json(); break;
                case 10 when key.SequenceEqual("previousId"u8): fields.PreviousId = Scalar(); break;
                case 10 when key.SequenceEqual("request_ip"u8): fields.RequestIp = Scalar(); break;
                case 11 when key.SequenceEqual("anonymousId"u8): fields.AnonymousId = Scalar(); break;
                case 17 when key.SequenceEqual("originalTimestamp"u8): fields.OriginalTimestamp = Scalar(); break;
                default: Pass(); break;
            }
        }
        fields.Whole = new Slice(start, Consumed - start, isEscaped: false);
    }

    private void ScanContext(ref ContextFields fields)
    {
        fields = default;
        Next();
        var start = Position;
        if (_reader.TokenType is JsonTokenType.Null) return;
        if (_reader.TokenType is JsonTokenType.StartObject) ScanContextKeys(ref fields);
        else Skip();
        fields.Whole = new Slice(start, Consumed - start, isEscaped: false);
    }

    private void ScanContextKeys(ref ContextFields fields)
    {
        while (NextKey(out var key))
        {
            switch (key.Length)
            {
                case 2 when key.SequenceEqual("ip"u8): fields.Ip = Scalar(); break;
                case 4 when key.SequenceEqual("page"u8): ScanPage(ref fields); break;
                case 6 when key.SequenceEqual("locale"u8): fields.Locale = Scalar(); break;
                case 6 when key.SequenceEqual("traits"u8): fields.Traits = Json(); break;
                case 7 when key.SequenceEqual("library"u8): ScanLibrary(ref fields); break;
                case 8 when key.SequenceEqual("campaign"u8): ScanCampaign(ref fields.Campaign); break;
                case 9 when key.SequenceEqual("userAgent"u8): fields.UserAgent = Scalar(); break;
                case 9 when key.SequenceEqual("sessionId"u8): fields.SessionId = Scalar(); break;
                case 12 when key.SequenceEqual("sessionStart"u8): fields.SessionStart = Scalar(); break;
                default:
                    if (ClickIds.IndexOf(key) is >= 0 and var index) fields.ClickIds[index] = Scalar();
                    else Pass();
                    break;
            }
        }
    }

    private void ScanPage(ref ContextFields fields)
    {
        fields.PageUrl = fields.PageReferrer = fields.PageSearch = default;
        if (!EnterObject()) return;
        while (NextKey(out var key))
        {
            if (key.SequenceEqual("url"u8)) fields.PageUrl = Scalar();
            else if (key.SequenceEqual("referrer"u8)) fields.PageReferrer = Scalar();
            else if (key.SequenceEqual("search"u8)) fields.PageSearch = Scalar();
            else Pass();
        }
    }

    private void ScanLibrary(ref ContextFields fields)
    {
        fields.LibraryName = fields.LibraryVersion = default;
        if (!EnterObject()) return;
        while (NextKey(out var key))
        {
            if (key.SequenceEqual("name"u8)) fields.LibraryName = Scalar();
            else if (key.SequenceEqual("version"u8)) fields.LibraryVersion = Scalar();
            else Pass();
        }
    }

    private void ScanCampaign(ref CampaignFields fields)
    {
        fields = default;
        if (!EnterObject()) return;
        while (NextKey(out var key))
        {
            if (CampaignParts.OfContext(key) is >= 0 and var part) fields[part] = Scalar();
            else Pass();
        }
    }

    private readonly int Position => (int)_reader.TokenStartIndex;

    private readonly int Consumed => (int)_reader.BytesConsumed;

    /// <summary>False at the end, and from the first bound that was passed.</summary>
    private bool Next()
    {
        if (_refusal is not null || !_reader.Read()) return false;
        if (_reader.TokenType is JsonTokenType.PropertyName) _keys++;
        if (_keys <= KeysMax && _reader.CurrentDepth <= DepthMax) return true;
        _refusal = Refusal.TooDeep;
        return false;
    }

    /// <summary>False at the end of the object.</summary>
    private bool NextKey(out ReadOnlySpan<byte> key)
    {
        key = default;
        if (!Next() || _reader.TokenType is not JsonTokenType.PropertyName) return false;
        key = _reader.ValueSpan;
        if (!_reader.ValueIsEscaped) return true;
        if (key.Length > _found.Name.Length) key = default; // Longer than any that is known, however it is written.
        else key = _found.Name.AsSpan(0, JsonText.Unescape(key, _found.Name));
        return true;
    }

    /// <summary>The key's value is an object, and its keys come next; anything else is passed by.</summary>
    private bool EnterObject()
    {
        Next();
        if (_reader.TokenType is JsonTokenType.StartObject) return true;
        Skip();
        return false;
    }

    /// <summary>The key's value where it is a string, a number, true or false; nothing otherwise.</summary>
    private Slice Scalar()
    {
        Next();
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return new Slice(Position + 1, _reader.ValueSpan.Length, _reader.ValueIsEscaped);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return new Slice(Position, _reader.ValueSpan.Length, isEscaped: false);
            default:
                Skip();
                return default;
        }
    }

    /// <summary>The key's value as it is written; nothing for null.</summary>
    private Slice Json()
    {
        Next();
        if (_reader.TokenType is JsonTokenType.Null) return default;
        var start = Position;
        Skip();
        return new Slice(start, Consumed - start, isEscaped: false);
    }

    private void Pass()
    {
        Next();
        Skip();
    }

    /// <summary>To the end of the value that was just begun.</summary>
    private void Skip()
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = _reader.CurrentDepth;
        while (Next() && _reader.CurrentDepth > depth)
        {
        }
    }
}
