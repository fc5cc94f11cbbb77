using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using static Google.Protobuf.Reflection.MethodOptions.Types;

namespace Tributary.Hosting.Grpc;

/// <summary>The methods of a client whose contract says that a repeated call does no harm.</summary>
internal static class RepeatableMethods
{
    public static FrozenSet<string> Of(Type client)
    {
        // A generated client is nested in the class that holds its service's descriptor.
        var service = client.DeclaringType?.GetProperty("Descriptor")?.GetValue(obj: null) as ServiceDescriptor;
        return (service?.Methods ?? [])
            .Where(method => method.GetOptions() is { HasIdempotencyLevel: true } options
                && options.IdempotencyLevel is IdempotencyLevel.NoSideEffects or IdempotencyLevel.Idempotent)
            .Select(method => $"/{service!.FullName}/{method.Name}")
            .ToFrozenSet();
    }
}
