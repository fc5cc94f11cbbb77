using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// What a sender is answered: a status and a plain sentence, as the servers that it was written for say it. Errors end
/// with a line feed, as theirs do. Made once each.
/// </summary>
internal sealed class Answer(int status, string text)
{
    private static readonly StringValues PlainText = "text/plain; charset=utf-8";
    private readonly byte[] _body = Encoding.UTF8.GetBytes(status == 200 ? text : text + "\n");

    public static readonly Answer Ok = new(200, "ok");
    public static readonly Answer NoWriteKey = new(401, "failed to read writekey from header");
    public static readonly Answer UnknownWriteKey = new(401, "invalid write key");
    public static readonly Answer OriginNotAllowed = new(403, "origin is not allowed");
    public static readonly Answer UnknownSource = new(404, "source is not known");
    public static readonly Answer MethodNotAllowed = new(405, "method not allowed");
    public static readonly Answer TooManyRequests = new(429, "max requests limit reached");
    public static readonly Answer BodyNotRead = new(503, "failed to read body from request");
    public static readonly Answer Unavailable = new(503, "service unavailable");

    private static readonly FrozenDictionary<Refusal, Answer> Refusals =
        Refusal.All.ToFrozenDictionary(refusal => refusal, refusal => new Answer(refusal.Status, refusal.Answer));

    public static Answer Of(Refusal refusal) => Refusals[refusal];

    public int Status => status;

    /// <summary>Senders drop what gets another error; these they try again, after the wait they are told.</summary>
    public bool IsPassing => status is 429 or 503;

    public ValueTask WriteAsync(HttpContext http, StringValues retryAfter)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.Headers.ContentType = PlainText;
        response.ContentLength = _body.Length;
        if (IsPassing) response.Headers.RetryAfter = retryAfter;
        var writing = response.BodyWriter.WriteAsync(_body);
        return writing.IsCompletedSuccessfully ? ValueTask.CompletedTask : Finish(writing);

        static async ValueTask Finish(ValueTask<System.IO.Pipelines.FlushResult> writing) => await writing;
    }

    public static StringValues Seconds(TimeSpan wait) =>
        ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
