using System.Runtime.CompilerServices;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>Where an event's fields stand in its body. Of a key that comes twice, the last counts.</summary>
internal struct EventFields
{
    public Slice Whole;
    public Slice MessageId, Type, Event, UserId, AnonymousId, Channel, PreviousId, GroupId, Name, RequestIp;
    public Slice SentAt, OriginalTimestamp, Timestamp;
    public Slice Properties, Traits;
    public ContextFields Context;
}

/// <summary>What is read of <c>context</c>.</summary>
internal struct ContextFields
{
    public Slice Whole;
    public Slice Ip, UserAgent, Locale, SessionId, SessionStart, Traits;
    public Slice LibraryName, LibraryVersion;
    public Slice PageUrl, PageReferrer, PageSearch;
    public CampaignFields Campaign;
    public ClickIdFields ClickIds;
}

/// <summary><c>context.campaign</c>, or the <c>utm_</c> parameters of an address, in the order of the wire.</summary>
[InlineArray(6)]
internal struct CampaignFields
{
    private Slice _first;
}

/// <summary>A place for each click id that is known, by its number in <see cref="ClickIds.Names"/>.</summary>
[InlineArray(ClickIds.Count)]
internal struct ClickIdFields
{
    private Slice _first;
}

/// <summary>The marks that ad platforms leave on a click.</summary>
internal static class ClickIds
{
    public const int Count = 12;

    private static readonly byte[][] Known =
    [
        [.. "gclid"u8], [.. "gbraid"u8], [.. "wbraid"u8], [.. "dclid"u8], [.. "fbclid"u8], [.. "ttclid"u8],
        [.. "msclkid"u8], [.. "twclid"u8], [.. "li_fat_id"u8], [.. "ScCid"u8], [.. "epik"u8], [.. "rdt_cid"u8],
    ];

    /// <summary>As on the wire.</summary>
    public static ReadOnlySpan<byte[]> Names => Known;

    /// <summary>-1 for what is none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 4 or > 9) return -1;
        for (var index = 0; index < Count; index++)
        {
            if (name.SequenceEqual(Known[index])) return index;
        }
        return -1;
    }
}

/// <summary>The parts of a campaign, in the order of the wire.</summary>
internal static class CampaignParts
{
    public const int Count = 6;

    /// <summary>Of <c>context.campaign</c>, where <c>name</c> is the campaign. -1 for what is none.</summary>
    public static int OfContext(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("source"u8) => 0,
        _ when name.SequenceEqual("medium"u8) => 1,
        _ when name.SequenceEqual("name"u8) => 2,
        _ when name.SequenceEqual("term"u8) => 3,
        _ when name.SequenceEqual("content"u8) => 4,
        _ when name.SequenceEqual("id"u8) => 5,
        _ => -1,
    };

    /// <summary>Of an address: <c>utm_campaign</c> and so on. -1 for what is none.</summary>
    public static int OfAddress(ReadOnlySpan<byte> name) =>
        !name.StartsWith("utm_"u8) ? -1 : name[4..].SequenceEqual("campaign"u8) ? 2
        : name[4..].SequenceEqual("name"u8) ? -1 : OfContext(name[4..]);
}
