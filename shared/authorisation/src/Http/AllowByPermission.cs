using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Tributary.Contracts.V1;

namespace Tributary.Authorisation.Http;

/// <summary>Lets a caller in that was granted what the endpoint asks for, and says otherwise why not.</summary>
internal sealed class AllowByPermission(AccountDirectory directory, DirectoryReady directoryReady)
    : AuthorizationHandler<PermissionAsked>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionAsked requirement)
    {
        if (context.Resource is not HttpContext http) return Task.CompletedTask;

        var refused = Judge(http, requirement.Permission, out var caller);
        if (refused is null)
        {
            http.Features.Set(caller);
            context.Succeed(requirement);
        }
        else
        {
            http.Features.Set(refused);
        }
        return Task.CompletedTask;
    }

    private Refused? Judge(HttpContext http, Permission asked, out Caller? caller)
    {
        caller = null;
        if (!directoryReady.IsReady()) return new Refused.NotReady();
        if (Credential.Of(http.Request) is not { } key) return new Refused.Unauthenticated(IsWithoutKey: true, NoKey);

        Span<byte> buffer = stackalloc byte[1024];
        return directory.Judge(Credential.BytesOf(key, buffer), out caller) switch
        {
            Refusal.Unspecified when caller!.May(asked) => null,
            Refusal.Unspecified => new Refused.Forbidden(asked, caller!),
            Refusal.Suspended => new Refused.Suspended(),
            Refusal.Expired => new Refused.Unauthenticated(IsWithoutKey: false, "This API key has expired."),
            Refusal.Revoked => new Refused.Unauthenticated(IsWithoutKey: false, "This API key was revoked."),
            _ => new Refused.Unauthenticated(IsWithoutKey: false, KeyText.FaultOf(key) ?? NotKnown),
        };
    }

    private const string NotKnown = "This API key is not known here.";
    private const string NoKey = "Send an API key as \"Authorization: Bearer KEY\" or in the header X-Api-Key.";
}

/// <summary>Why a request was not let in.</summary>
internal abstract record Refused
{
    private Refused() { }

    public sealed record NotReady : Refused;

    public sealed record Unauthenticated(bool IsWithoutKey, string Detail) : Refused;

    public sealed record Forbidden(Permission Missing, Caller Caller) : Refused;

    public sealed record Suspended : Refused;

    public sealed record NoService(string Detail) : Refused;
}
