using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>An error that comes before any result: status, code and text.</summary>
internal static class ErrorAnswer
{
    public static async Task WriteAsync(HttpResponse response, int code, string message,
        CancellationToken cancellationToken)
    {
        response.StatusCode = ErrorStatus.Of(code);
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers["X-ClickHouse-Exception-Code"] = code.ToString(CultureInfo.InvariantCulture);
        response.Headers.ContentEncoding = default;
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse server HTTP API\"";
        }

        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(message), cancellationToken);
    }
}
