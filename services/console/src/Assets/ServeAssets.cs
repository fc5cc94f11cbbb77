using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Tributary.Console.Assets;

/// <summary>
/// The pages' own files, out of the assembly: they are there in whatever host the service is mapped into. Their address
/// carries their content's hash, so that they may be kept for ever.
/// </summary>
internal static class ServeAssets
{
    private static readonly FrozenDictionary<string, Asset> ByName = new[]
    {
        Read("console.css", "text/css; charset=utf-8"),
        Read("theme.js", "text/javascript; charset=utf-8"),
        Read("live.js", "text/javascript; charset=utf-8"),
        Read("mark.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Name);

    /// <summary>Where a page finds a file.</summary>
    public static string Address(string name) => $"/console/{ByName[name].Hash}/{name}";

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/console/{hash}/{name}", [HttpMethods.Get, HttpMethods.Head], Get)
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static IResult Get(string hash, string name, HttpContext context)
    {
        if (!ByName.TryGetValue(name, out var asset) || asset.Hash != hash) return TypedResults.NotFound();

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(asset.Content, asset.Type, entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }

    private static Asset Read(string name, string type)
    {
        using var stream = typeof(ServeAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var content = copy.ToArray();
        return new(name, type, Convert.ToHexStringLower(SHA256.HashData(content)[..8]), content);
    }

    private sealed record Asset(string Name, string Type, string Hash, byte[] Content);
}
