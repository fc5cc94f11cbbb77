using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>Why events are refused, as tables and answers call it: the contract's name, short.</summary>
internal static class Reasons
{
    private const string Prefix = "REJECTION_REASON_";

    private static readonly FrozenDictionary<RejectionReason, string> Names =
        RejectedEventReflection.Descriptor.EnumTypes.Single(type => type.Name == nameof(RejectionReason)).Values
            .ToFrozenDictionary(value => (RejectionReason)value.Number, Short);

    private static readonly FrozenDictionary<string, RejectionReason> ByName =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static string NameOf(RejectionReason reason) => Names.GetValueOrDefault(reason, "unspecified");

    public static RejectionReason Parse(string name) => ByName.GetValueOrDefault(name);

    private static string Short(EnumValueDescriptor value) => value.Name[Prefix.Length..].ToLowerInvariant();
}
