using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;

namespace Tributary.Hosting.Problems;

/// <summary>
/// Writes every HTTP error as application/problem+json (RFC 9457), whatever the client said it accepts, with the trace
/// id by which its log lines are found.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var response = context.HttpContext.Response;
        problem.Status ??= response.StatusCode;
        problem.Title ??= ProblemTitles.Of(problem.Status.Value);
        problem.Type ??= "about:blank";
        problem.Extensions["traceId"] = TraceId(context.HttpContext);

        response.StatusCode = problem.Status.Value;
        await response.WriteAsJsonAsync(
            problem,
            problem.GetType(),
            json.Value.SerializerOptions,
            contentType: "application/problem+json",
            context.HttpContext.RequestAborted);
    }

    private static string TraceId(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
