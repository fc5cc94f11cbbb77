using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Network;

/// <summary>
/// An API or a version of it that is not offered; the connection it was asked on is closed, as Kafka does.
/// </summary>
internal sealed class UnsupportedException(string reason) : Exception(reason);

/// <summary>Reads a request's header, finds who answers it, and writes the answer behind its header.</summary>
internal sealed class Dispatcher
{
    private readonly Entry?[] entries = new Entry?[OfferedApis.All.Max(api => (int)api.Key) + 1];

    private delegate ValueTask<IElement?> Answer(WireReader reader, RequestContext context);

    private sealed record Entry(Api Api, Answer Answer);

    /// <summary>Whether every API that is offered has someone who answers it.</summary>
    public bool IsComplete => OfferedApis.All.All(api => entries[(int)api.Key] is not null);

    public void On<TRequest>(ApiKey key, Func<TRequest, RequestContext, ValueTask<IElement?>> answer)
        where TRequest : IRequest<TRequest>
    {
        var api = OfferedApis.All.Single(api => api.Key == key);
        entries[(int)key] =
            new Entry(api, (reader, context) => answer(TRequest.Read(reader, context.Version), context));
    }

    public void On<TRequest>(ApiKey key, Func<TRequest, RequestContext, IElement> answer)
        where TRequest : IRequest<TRequest> =>
        On<TRequest>(key, (request, context) => ValueTask.FromResult<IElement?>(answer(request, context)));

    /// <summary>
    /// Reads a request and begins to answer it. Nothing is written yet: earlier answers may be on their way.
    /// </summary>
    public Answering Begin(ReadOnlyMemory<byte> frame, RequestContext context)
    {
        var reader = context.Reader.Begin(frame);
        var key = reader.Int16();
        var version = reader.Int16();
        var correlation = reader.Int32();
        context.Identify(reader.NullableString(flexible: false));

        if ((uint)key >= (uint)entries.Length || entries[key] is not { } entry)
            throw new UnsupportedException($"API {key} is not offered");
        if (version < entry.Api.First || version > entry.Api.Last)
        {
            if (entry.Api.Key != ApiKey.ApiVersions)
                throw new UnsupportedException($"version {version} of {entry.Api.Key} is not offered");
            var refused = ValueTask.FromResult<IElement?>(Refused(entry.Api));
            return new Answering(entry.Api with { Flexible = short.MaxValue }, Version: 0, correlation, refused);
        }

        if (version >= entry.Api.Flexible) reader.SkipTags();
        context.Version = version;
        return new Answering(entry.Api, version, correlation, entry.Answer(reader, context));
    }

    private static ApiVersionsResponse Refused(Api api) => new()
    {
        ErrorCode = ErrorCode.UnsupportedVersion,
        ApiKeys = [new() { ApiKey = (short)api.Key, MinVersion = api.First, MaxVersion = api.Last }],
    };
}

/// <summary>A request that is being answered.</summary>
internal readonly record struct Answering(Api Api, short Version, int Correlation, ValueTask<IElement?> Response)
{
    /// <summary>
    /// Nothing is written where nothing is to be answered: a produce request that wants no acknowledgement.
    /// </summary>
    public void Write(WireWriter writer, IElement? response)
    {
        if (response is null) return;
        writer.BeginFrame();
        writer.Int32(Correlation);
        // An ApiVersions response has the oldest header, so that clients of any age can read it.
        if (Version >= Api.Flexible && Api.Key != ApiKey.ApiVersions) writer.NoTags();
        response.Write(writer, Version);
        writer.EndFrame();
    }
}
