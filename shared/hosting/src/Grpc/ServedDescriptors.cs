using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Tributary.Hosting.Grpc;

/// <summary>What the mapped gRPC services are called, and the files that describe them.</summary>
internal sealed class ServedDescriptors(EndpointDataSource endpoints)
{
    private readonly Lazy<Described> _described = new(() => Describe(endpoints));

    public IReadOnlyCollection<string> Services => _described.Value.Services;

    public FileDescriptor? FileNamed(string name) => _described.Value.FileByName.GetValueOrDefault(name);

    public FileDescriptor? FileWith(string symbol) => _described.Value.FileBySymbol.GetValueOrDefault(symbol);

    public IEnumerable<FieldDescriptor> Extensions(string type) =>
        from file in _described.Value.FileByName.Values
        from field in file.Extensions.UnorderedExtensions
        where field.ExtendeeType?.FullName == type
        select field;

    public bool HasMessage(string type) => FileWith(type) is { } file && Messages(file).Any(m => m.FullName == type);

    private static Described Describe(EndpointDataSource endpoints)
    {
        var services = endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>()
            .Distinct()
            .Select(Descriptor)
            .OfType<ServiceDescriptor>()
            .ToArray();
        var files = new Dictionary<string, FileDescriptor>();
        foreach (var service in services) Collect(service.File, files);
        var symbols = files.Values
            .SelectMany(file => Symbols(file).Select(symbol => (symbol, file)))
            .DistinctBy(pair => pair.symbol)
            .ToDictionary(pair => pair.symbol, pair => pair.file);
        return new([.. services.Select(service => service.FullName).Order()], files, symbols);
    }

    /// <summary>A service derives from a generated class, which names the class that holds the descriptor.</summary>
    private static ServiceDescriptor? Descriptor(Type service)
    {
        var bound = (BindServiceMethodAttribute?)Attribute.GetCustomAttribute(
            service, typeof(BindServiceMethodAttribute), inherit: true);
        for (var type = service; bound is null && type is not null; type = type.BaseType)
            bound = (BindServiceMethodAttribute?)Attribute.GetCustomAttribute(type, typeof(BindServiceMethodAttribute));
        return bound?.BindType.GetProperty("Descriptor")?.GetValue(obj: null) as ServiceDescriptor;
    }

    private static void Collect(FileDescriptor file, Dictionary<string, FileDescriptor> files)
    {
        if (!files.TryAdd(file.Name, file)) return;
        foreach (var dependency in file.Dependencies) Collect(dependency, files);
    }

    private static IEnumerable<string> Symbols(FileDescriptor file) =>
    [
        .. file.Services.SelectMany(service =>
            service.Methods.Select(method => method.FullName).Prepend(service.FullName)),
        .. Messages(file).SelectMany(message => message.EnumTypes.Select(type => type.FullName)
            .Concat(message.Fields.InDeclarationOrder().Select(field => field.FullName))
            .Prepend(message.FullName)),
        .. file.EnumTypes.Select(type => type.FullName),
        .. file.Extensions.UnorderedExtensions.Select(field => field.FullName),
    ];

    private static IEnumerable<MessageDescriptor> Messages(FileDescriptor file) => file.MessageTypes.SelectMany(Within);

    private static IEnumerable<MessageDescriptor> Within(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(Within).Prepend(message);

    private sealed record Described(
        IReadOnlyCollection<string> Services,
        Dictionary<string, FileDescriptor> FileByName,
        Dictionary<string, FileDescriptor> FileBySymbol);
}
