using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Tributary.Hosting.Listening;

namespace Tributary.Hosting.Reference;

/// <summary>The OpenAPI document of all mapped endpoints, and a page that makes it readable.</summary>
internal static class ReferencePages
{
    /// <summary>Nothing from elsewhere, nothing inline: what a document says can't become a script.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly (string Path, string File, string Type)[] Files =
    [
        ("/docs", "reference.html", "text/html; charset=utf-8"),
        ("/docs/reference.js", "reference.js", "text/javascript; charset=utf-8"),
        ("/docs/reference.css", "reference.css", "text/css; charset=utf-8"),
    ];

    public static void Add(IServiceCollection services, string service) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = $"Tributary {service}";
            document.Info.Version = "v1";
            return Task.CompletedTask;
        });
    });

    public static void Map(IEndpointRouteBuilder routes)
    {
        var onHttp = new ReachableBy(Listener.Http);
        routes.MapOpenApi("/openapi/{documentName}.json").WithMetadata(onHttp).AllowAnonymous();
        routes.MapOpenApi("/api/v1/openapi.json").WithMetadata(onHttp).AllowAnonymous();
        foreach (var (path, file, type) in Files)
        {
            var content = Read(file);
            routes.MapGet(path, (HttpContext context) => WriteAsync(context, content, type))
                .WithMetadata(onHttp)
                .AllowAnonymous()
                .ExcludeFromDescription();
        }
    }

    private static Task WriteAsync(HttpContext context, byte[] content, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static byte[] Read(string file)
    {
        using var resource = typeof(ReferencePages).Assembly.GetManifestResourceStream($"page/{file}")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
