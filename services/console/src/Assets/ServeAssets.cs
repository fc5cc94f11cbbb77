using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Tributary.Console.Assets;

/// <summary>
/// The pages' own files, out of the assembly: they are there in whatever host the service is mapped into. Their address
/// carries a hash of all their contents, so that they may be kept for ever, and find one another.
/// </summary>
internal static class ServeAssets
{
    private static readonly FrozenDictionary<string, Asset> ByName = new[]
    {
        Read("console.css", "text/css; charset=utf-8"),
        Read("theme.js", "text/javascript; charset=utf-8"),
        Read("live.js", "text/javascript; charset=utf-8"),
        Read("arrivals.js", "text/javascript; charset=utf-8"),
        Read("drawer.js", "text/javascript; charset=utf-8"),
        Read("keys.js", "text/javascript; charset=utf-8"),
        Read("make.js", "text/javascript; charset=utf-8"),
        Read("mark.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Name);

    private static readonly string HashOfAll = Convert.ToHexStringLower(SHA256.HashData(
        [.. ByName.Values.OrderBy(asset => asset.Name, StringComparer.Ordinal)
            .SelectMany(asset => asset.Content)])[..8]);

    /// <summary>Where a page finds a file.</summary>
    public static string Address(string name) => ByName.ContainsKey(name)
        ? $"/console/{HashOfAll}/{name}"
        : throw new ArgumentException($"{name} is not one of the pages' files.", nameof(name));

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/console/{hash}/{name}", [HttpMethods.Get, HttpMethods.Head], Get)
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static IResult Get(string hash, string name, HttpContext context)
    {
        if (!ByName.TryGetValue(name, out var asset) || hash != HashOfAll) return TypedResults.NotFound();

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
        return new(name, type, copy.ToArray());
    }

    private sealed record Asset(string Name, string Type, byte[] Content);
}
