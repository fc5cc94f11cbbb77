using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Tributary.Authorisation.Http;

/// <summary>Answers who was not let in: problem details over HTTP, a status over gRPC.</summary>
internal sealed class AnswerRefusals(IProblemDetailsService problems) : IAuthorizationMiddlewareResultHandler
{
    private const int GrpcUnauthenticated = 16;
    private const int GrpcPermissionDenied = 7;
    private const int GrpcUnavailable = 14;

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);

        var refused = context.Features.Get<Refused>() ?? new Refused.Unauthenticated(IsWithoutKey: true, "");
        var (status, detail) = refused switch
        {
            Refused.NotReady => (503, "The accounts are still being read; try again in a moment."),
            Refused.Unauthenticated { Detail: var why } => (401, why),
            Refused.NoService { Detail: var why } => (401, why),
            Refused.Suspended => (403, "This organisation is suspended."),
            Refused.Forbidden { Missing: var missing } => (403, $"This needs the permission {missing}."),
            _ => throw new UnreachableException(),
        };
        return context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true
            ? AnswerCall(context.Response, status, detail)
            : AnswerRequest(context, refused, status, detail);
    }

    private async Task AnswerRequest(HttpContext context, Refused refused, int status, string detail)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (refused is Refused.NotReady) response.Headers.RetryAfter = "1";
        if (refused is Refused.Unauthenticated unauthenticated)
            response.Headers.WWWAuthenticate = unauthenticated.IsWithoutKey
                ? "Bearer realm=\"tributary\""
                : "Bearer realm=\"tributary\", error=\"invalid_token\"";
        if (refused is Refused.Forbidden { Missing: var scope })
            response.Headers.WWWAuthenticate =
                $"Bearer realm=\"tributary\", error=\"insufficient_scope\", scope=\"{scope}\"";

        var answer = new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = status, Detail = detail },
        };
        if (refused is Refused.Forbidden { Missing: var missing, Caller: var caller })
        {
            answer.ProblemDetails.Extensions["missing"] = missing.ToString();
            answer.ProblemDetails.Extensions["granted"] = caller.Permissions.Select(granted => $"{granted}").ToArray();
        }
        await problems.WriteAsync(answer);
    }

    /// <summary>Trailers alone, as gRPC says for a call that never began.</summary>
    private static Task AnswerCall(HttpResponse response, int status, string detail)
    {
        var code = status switch
        {
            401 => GrpcUnauthenticated,
            403 => GrpcPermissionDenied,
            _ => GrpcUnavailable,
        };
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = $"{code}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(detail);
        return response.CompleteAsync();
    }
}
