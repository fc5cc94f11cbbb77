using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Tests.Finding;

/// <summary>Events as the edge writes them.</summary>
internal static class Sent
{
    public static readonly Guid Organisation = Guid.Parse("0192f0c4-0000-7000-8000-000000000001");
    public static readonly Guid Stranger = Guid.Parse("0192f0c4-0000-7000-8000-000000000002");
    public static readonly Guid Shop = Guid.Parse("0192f0c4-0000-7000-8000-000000000011");
    public static readonly Guid Blog = Guid.Parse("0192f0c4-0000-7000-8000-000000000012");

    public static Event Event(
        string messageId, string name = "order_completed", Guid? source = null, Guid? organisation = null,
        DateTimeOffset? at = null)
    {
        var moment = Timestamp.FromDateTimeOffset(at ?? TimeProvider.System.GetUtcNow());
        return new()
        {
            Organisation = Bytes(organisation ?? Organisation),
            Source = Bytes(source ?? Shop),
            App = Bytes(Guid.Empty),
            MessageId = messageId,
            Type = "track",
            Event_ = name,
            UserId = "ann",
            AnonymousId = "browser-1",
            ReceivedAt = moment,
            Timestamp = moment,
            Properties = ByteString.CopyFromUtf8("""{"revenue":99.50,"big":12345678901234567890}"""),
            Context = ByteString.CopyFromUtf8("""{"library":{"name":"rudder-sdk"}}"""),
            ClickIds = { new ClickId { Name = "gclid", Value = "g-1" } },
        };
    }

    public static RejectedEvent Refused(string messageId, Guid? source = null) => new()
    {
        Organisation = Bytes(Organisation),
        Source = Bytes(source ?? Shop),
        Rejection = Bytes(Guid.NewGuid()),
        ReceivedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        Route = "/v1/track",
        Reason = RejectionReason.NoIdentity,
        Detail = "Neither userId nor anonymousId.",
        MessageId = messageId,
        Body = ByteString.CopyFromUtf8("""{"event":"order_completed"}"""),
    };

    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
