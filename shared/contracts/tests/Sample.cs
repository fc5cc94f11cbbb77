using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Tributary.Contracts.Tests;

/// <summary>A message with every field set to something of its own; what a golden file is first made from.</summary>
internal static class Sample
{
    public static IMessage Of(MessageDescriptor type)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InFieldNumberOrder().Where(IsFirstOfItsChoice)) Set(message, field);
        return message;
    }

    private static bool IsFirstOfItsChoice(FieldDescriptor field) =>
        field.ContainingOneof is not { } choice || choice.Fields[0] == field;

    private static void Set(IMessage message, FieldDescriptor field)
    {
        if (!field.IsRepeated)
        {
            field.Accessor.SetValue(message, Value(field, field.FieldNumber));
            return;
        }

        var list = (System.Collections.IList)field.Accessor.GetValue(message);
        list.Add(Value(field, field.FieldNumber));
        list.Add(Value(field, field.FieldNumber + 1));
    }

    private static object Value(FieldDescriptor field, int seed) => field.FieldType switch
    {
        FieldType.String => $"{field.Name} {seed} é",
        FieldType.Bytes => ByteString.CopyFrom([.. Enumerable.Range(0, 16).Select(i => (byte)((seed * 16) + i))]),
        FieldType.Bool => true,
        FieldType.Int32 => seed + 300,
        FieldType.Int64 => seed + 5_000_000_000L,
        FieldType.Fixed64 => 0xfedcba9876543210UL,
        FieldType.Double => seed + 0.25,
        FieldType.Enum => field.EnumType.Values.Last().Number,
        FieldType.Message when field.MessageType == Timestamp.Descriptor =>
            new Timestamp { Seconds = 1_767_225_600 + seed, Nanos = 123_456_789 },
        FieldType.Message when field.MessageType == Duration.Descriptor =>
            new Duration { Seconds = seed, Nanos = 500_000_000 },
        FieldType.Message => Of(field.MessageType),
        _ => throw new UnreachableException($"no sample for {field.FieldType}"),
    };
}
