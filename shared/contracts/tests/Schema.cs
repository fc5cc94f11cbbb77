using System.Text;
using Google.Protobuf.Reflection;
using Tributary.Contracts.V1;

namespace Tributary.Contracts.Tests;

/// <summary>Everything that is declared in the protocol's files, as text in which each promise is a line.</summary>
internal static class Schema
{
    public static IReadOnlyList<FileDescriptor> Files { get; } =
        [.. Closure([AccountsServiceReflection.Descriptor, IngestionServiceReflection.Descriptor,
            BanditServiceReflection.Descriptor, .. Topics.Streams.Select(DescriptorOf).Select(type => type.File)])
            .DistinctBy(file => file.Name)
            .Where(file => file.Package == "tributary.v1")
            .OrderBy(file => file.Name, StringComparer.Ordinal)];

    public static IEnumerable<MessageDescriptor> Messages => Files.SelectMany(file => file.MessageTypes);

    public static MessageDescriptor DescriptorOf(Topic topic) => (MessageDescriptor)topic.GetType()
        .GenericTypeArguments[0].GetProperty("Descriptor")!.GetValue(null)!;

    public static string Text()
    {
        var text = new StringBuilder();
        foreach (var file in Files)
        {
            foreach (var choices in file.EnumTypes.Concat(file.MessageTypes.SelectMany(type => type.EnumTypes)))
                foreach (var value in choices.Values) text.Append($"{choices.Name} {value.Number} {value.Name}\n");
            foreach (var type in file.MessageTypes.Concat(file.MessageTypes.SelectMany(type => type.NestedTypes)))
                foreach (var field in type.Fields.InFieldNumberOrder()) text.Append(Line(type, field));
            foreach (var service in file.Services)
                foreach (var method in service.Methods) text.Append(Line(service, method));
        }

        return text.ToString();
    }

    private static IEnumerable<FileDescriptor> Closure(IEnumerable<FileDescriptor> files) =>
        files.SelectMany(file => Closure(file.Dependencies).Append(file));

    private static string Line(MessageDescriptor type, FieldDescriptor field)
    {
        var kind = field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return $"{type.Name} {field.FieldNumber} {field.Name} {(field.IsRepeated ? "repeated " : "")}{kind}\n";
    }

    private static string Line(ServiceDescriptor service, MethodDescriptor method) =>
        $"{service.FullName}/{method.Name} {(method.IsClientStreaming ? "stream " : "")}{method.InputType.Name}"
        + $" -> {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.Name}{Repeatable(method)}\n";

    // A caller repeats what has it: taking it away is a change of the contract.
    private static string Repeatable(MethodDescriptor method) =>
        method.GetOptions() is { HasIdempotencyLevel: true } options ? $" {options.IdempotencyLevel}" : "";
}
