using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using Tributary.Postgres;

namespace Tributary.Accounts.Changing;

/// <summary>A database that is away, or a commit of which nobody knows, is no fault of the request: 503.</summary>
internal sealed partial class AnswerOutages(IProblemDetailsService problems, ILogger<AnswerOutages> logger)
    : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var detail = exception switch
        {
            CommitUnknownException =>
                "It is not known whether this was kept: read it again, and repeat the request if it was not.",
            NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or TimeoutException }
                => "The database does not answer; nothing was kept. Try again in a moment.",
            _ => null,
        };
        if (detail is null) return false;

        DatabaseAway(exception);
        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = "2";
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Detail = detail },
        });
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "A request failed for want of the database")]
    private partial void DatabaseAway(Exception exception);
}
