using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tributary.Authorisation.Http;
using Tributary.Hosting.Grpc;

namespace Tributary.Authorisation.Services;

/// <summary>On a gRPC service: its callers are services.</summary>
internal sealed class ServiceAsked : IAuthorizationRequirement, IAuthorizationRequirementData
{
    public static readonly ServiceAsked Instance = new();

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}

/// <summary>Lets those in that show a key of this installation's services.</summary>
internal sealed class AllowServices(IOptionsMonitor<ServiceKeyOptions> options) : AuthorizationHandler<ServiceAsked>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ServiceAsked requirement)
    {
        if (context.Resource is not HttpContext http) return Task.CompletedTask;

        var keys = options.CurrentValue;
        if (keys.Accepts(http.Request.Headers[CallIdentity.Key].ToString())) context.Succeed(requirement);
        else http.Features.Set<Refused>(new Refused.NoService(keys.Key.Length == 0 ? NotSet : NotShown));
        return Task.CompletedTask;
    }

    private const string NotSet = "SERVICE_KEY is not set here.";
    private const string NotShown = "The call shows no key of this installation's services.";
}
