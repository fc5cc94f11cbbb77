using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace Tributary.Hosting.Problems;

/// <summary>
/// Tells a client what is wrong with its request without naming our types. Everything else that was thrown goes on to
/// the exception handler, which logs it and answers 500 without a word of it.
/// </summary>
internal sealed partial class BadRequests(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad) return false;

        httpContext.Response.StatusCode = bad.StatusCode;
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = bad.StatusCode, Detail = Detail(bad) },
        });
        return true;
    }

    private static string? Detail(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => "The body is larger than this endpoint accepts.",
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => "Send the body as application/json.",
        { StatusCode: StatusCodes.Status408RequestTimeout } => "The body arrived too slowly.",
        { InnerException: JsonException json } => At(json),
        _ => Parameter().Match(bad.Message) is { Success: true } match
            ? $"\"{match.Groups["name"].Value}\" is missing or malformed."
            : null,
    };

    private static string At(JsonException json) => json.Path is { Length: > 1 } path
        ? $"The body does not fit at {path} (line {json.LineNumber + 1})."
        : $"The body is not the JSON that is expected (line {json.LineNumber + 1}).";

    [GeneratedRegex("""parameter "(?:[^" ]+ )?(?<name>[^" ]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
