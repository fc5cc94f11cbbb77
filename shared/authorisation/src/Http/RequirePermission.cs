using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Tributary.Authorisation;

/// <summary>Who may call an endpoint, said beside it; and who did.</summary>
public static class RequirePermissions
{
    /// <summary>Only callers that were granted it, for the organisation that they belong to.</summary>
    /// <param name="permission">As <c>events:read</c>, and in <see cref="Permission.Known"/>.</param>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder
    {
        var asked = new PermissionAsked(Permission.Parse(permission));
        endpoint.Add(builder => builder.Metadata.Add(asked));
        endpoint.Add(builder => builder.Metadata.Add(new ProducesProblem(StatusCodes.Status401Unauthorized)));
        endpoint.Add(builder => builder.Metadata.Add(new ProducesProblem(StatusCodes.Status403Forbidden)));
        return endpoint;
    }

    extension(HttpContext context)
    {
        /// <summary>Who was let in by <c>RequirePermission</c>.</summary>
        public Caller Caller() => context.Features.Get<Caller>()
            ?? throw new InvalidOperationException("an endpoint without RequirePermission has no caller");
    }
}

/// <summary>On an endpoint: what its caller must have been granted.</summary>
internal sealed class PermissionAsked(Permission permission) : IAuthorizationRequirement, IAuthorizationRequirementData
{
    public Permission Permission { get; } = permission;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    public override string ToString() => $"requires {Permission}";
}

/// <summary>For the reference: the endpoint may answer so.</summary>
internal sealed class ProducesProblem(int status) : Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata
{
    public Type Type => typeof(Microsoft.AspNetCore.Mvc.ProblemDetails);

    public int StatusCode => status;

    public IEnumerable<string> ContentTypes => ["application/problem+json"];
}
