using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using static Grpc.Reflection.V1.ServerReflectionRequest;
using Alpha = Grpc.Reflection.V1alpha;

namespace Tributary.Hosting.Grpc;

/// <summary>Tells tools such as grpcurl which services there are and what their messages look like.</summary>
internal sealed class ReflectionService(ServedDescriptors served) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(ReflectionAnswer.Of(request, served), context.CancellationToken);
    }
}

/// <summary>The same under its older name, which some tools still ask for. The two are the same bytes.</summary>
internal sealed class ReflectionAlphaService(ServedDescriptors served)
    : Alpha.ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<Alpha.ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var alpha in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var request = ServerReflectionRequest.Parser.ParseFrom(alpha.ToByteString());
            var answer = ReflectionAnswer.Of(request, served).ToByteString();
            await responseStream.WriteAsync(
                Alpha.ServerReflectionResponse.Parser.ParseFrom(answer), context.CancellationToken);
        }
    }
}

internal static class ReflectionAnswer
{
    public static ServerReflectionResponse Of(ServerReflectionRequest request, ServedDescriptors served)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new()
                {
                    Service = { served.Services.Select(name => new ServiceResponse { Name = name }) },
                };
                break;
            case MessageRequestOneofCase.FileByFilename:
                Fill(answer, served.FileNamed(request.FileByFilename));
                break;
            case MessageRequestOneofCase.FileContainingSymbol:
                Fill(answer, served.FileWith(request.FileContainingSymbol));
                break;
            case MessageRequestOneofCase.FileContainingExtension:
                Fill(answer, Extension(request.FileContainingExtension, served)?.File);
                break;
            case MessageRequestOneofCase.AllExtensionNumbersOfType
                when request.AllExtensionNumbersOfType is var type && served.HasMessage(type):
                answer.AllExtensionNumbersResponse = new()
                {
                    BaseTypeName = type,
                    ExtensionNumber = { served.Extensions(type).Select(field => field.FieldNumber) },
                };
                break;
            case MessageRequestOneofCase.None:
                answer.ErrorResponse = Error(StatusCode.InvalidArgument, "Nothing was asked.");
                break;
            default:
                Fill(answer, file: null);
                break;
        }
        return answer;
    }

    private static FieldDescriptor? Extension(ExtensionRequest asked, ServedDescriptors served) => served
        .Extensions(asked.ContainingType)
        .FirstOrDefault(field => field.FieldNumber == asked.ExtensionNumber);

    /// <summary>With all that it imports, so that a tool needs one question.</summary>
    private static void Fill(ServerReflectionResponse answer, FileDescriptor? file)
    {
        if (file is null)
        {
            answer.ErrorResponse = Error(StatusCode.NotFound, "Not known here.");
            return;
        }
        var files = new Dictionary<string, FileDescriptor>();
        Collect(file, files);
        answer.FileDescriptorResponse = new()
        {
            FileDescriptorProto = { files.Values.Select(known => known.SerializedData) },
        };
    }

    private static void Collect(FileDescriptor file, Dictionary<string, FileDescriptor> files)
    {
        if (!files.TryAdd(file.Name, file)) return;
        foreach (var dependency in file.Dependencies) Collect(dependency, files);
    }

    private static ErrorResponse Error(StatusCode code, string message) =>
        new() { ErrorCode = (int)code, ErrorMessage = message };
}
