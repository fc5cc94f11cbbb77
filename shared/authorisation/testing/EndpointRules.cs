using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tributary.Authorisation.Services;

namespace Tributary.Authorisation.Testing;

/// <summary>The rules of who may call what, read from the endpoints that a host really has.</summary>
public static class EndpointRules
{
    /// <summary>
    /// A sentence for each endpoint that does not say who may call it, says two things, or asks for a permission that
    /// nobody could be granted by name.
    /// </summary>
    public static IReadOnlyList<string> Violations(IEndpointRouteBuilder routes) =>
        Violations(routes.DataSources.SelectMany(source => source.Endpoints));

    /// <inheritdoc cref="Violations(IEndpointRouteBuilder)"/>
    public static IReadOnlyList<string> Violations(IEnumerable<Endpoint> endpoints) =>
        [.. endpoints.OfType<RouteEndpoint>().Select(Violation).OfType<string>()];

    private static string? Violation(RouteEndpoint endpoint)
    {
        var asked = endpoint.Metadata.GetOrderedMetadata<PermissionAsked>();
        var says = asked.Count
            + (endpoint.Metadata.GetMetadata<ServiceAsked>() is null ? 0 : 1)
            + (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? 0 : 1);
        var name = endpoint.DisplayName ?? endpoint.RoutePattern.RawText;
        if (IsGrpcsOwn(endpoint)) return null;
        if (says == 0) return $"{name} does not say who may call it: RequirePermission, RequireService, AllowAnonymous";
        if (says > 1) return $"{name} says more than once who may call it";
        return asked is [var one] && !Permission.Known.Contains($"{one.Permission}")
            ? $"{name} asks for {one.Permission}, which is not in Permission.Known"
            : null;
    }

    /// <summary>The answers "no such method" and "no such service" of the gRPC framework.</summary>
    private static bool IsGrpcsOwn(RouteEndpoint endpoint) =>
        endpoint.DisplayName?.StartsWith("gRPC - Unimplemented", StringComparison.Ordinal) is true;
}
