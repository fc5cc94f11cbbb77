using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tributary.Hosting.Tests;

public class Answering_errors
{
    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task StartService() => _service = await RunningService.StartAsync(app =>
    {
        app.MapGet("/thrown", string () => throw new InvalidOperationException("password=hunter2"));
        app.MapGet("/numbers/{number:int}", (int number, bool wanted) => number);
        app.MapPost("/orders", (Order order) => order.Count);
        app.MapGet("/conflict", () => TypedResults.Problem("Someone was faster.", statusCode: 409));
        app.MapGet("/slow", async (CancellationToken stopped) =>
        {
            await Task.Delay(Timeout.Infinite, stopped);
            return "never";
        });
    }, settings: [("Limits:BodyBytesMax", "1024"), ("Limits:RequestTimeout", "00:00:00.2")]);

    [OneTimeTearDown]
    public async Task StopService() => await _service.DisposeAsync();

    [TestCase("GET", "/nothing", "", 404, TestName = "Nothing is there: 404")]
    [TestCase("PUT", "/orders", "{}", 405, TestName = "The verb is not offered: 405")]
    [TestCase("POST", "/orders", "text", 415, TestName = "The body is of another type: 415")]
    [TestCase("POST", "/orders", "{", 400, TestName = "The body is not JSON: 400")]
    [TestCase("POST", "/orders", """{"count":"many"}""", 400, TestName = "The body does not fit: 400")]
    [TestCase("POST", "/orders", "long", 413, TestName = "The body is too large: 413")]
    [TestCase("GET", "/numbers/1", "", 400, TestName = "A parameter is missing: 400")]
    [TestCase("GET", "/numbers/1?wanted=perhaps", "", 400, TestName = "A parameter is malformed: 400")]
    [TestCase("GET", "/thrown", "", 500, TestName = "The service failed: 500")]
    [TestCase("GET", "/conflict", "", 409, TestName = "The service says what is wrong: 409")]
    [TestCase("GET", "/slow", "", 504, TestName = "The answer takes too long: 504")]
    public async Task Is_a_problem_with_a_trace_id_for_whoever_asks(string verb, string path, string body, int status)
    {
        foreach (var accepted in new[] { "application/json", "text/html" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = Content(body) };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accepted));

            using var response = await _service.Http.SendAsync(request);

            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
            Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
            Assert.That(problem.GetProperty("type").GetString(), Is.Not.Empty);
            Assert.That(problem.GetProperty("traceId").GetString(), Does.Match("^[0-9a-f]{32}$"));
        }
    }

    [Test]
    public async Task A_failure_does_not_tell_what_was_thrown()
    {
        var answer = await (await _service.Http.GetAsync("/thrown")).Content.ReadAsStringAsync();

        Assert.That(answer, Does.Not.Contain("hunter2").And.Not.Contain("InvalidOperation"));
    }

    [TestCase("/numbers/1", "", "\"wanted\" is missing or malformed.")]
    [TestCase("/orders", """{"count":"many"}""", "The body does not fit at $.count (line 1).")]
    public async Task A_bad_request_says_what_is_bad_and_names_no_type_of_ours(string path, string body, string detail)
    {
        using var request = new HttpRequestMessage(body.Length == 0 ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Content = Content(body),
        };

        var answer = await (await _service.Http.SendAsync(request)).Content.ReadAsStringAsync();

        Assert.That(JsonDocument.Parse(answer).RootElement.GetProperty("detail").GetString(), Is.EqualTo(detail));
    }

    [Test]
    public async Task The_trace_id_is_the_callers_where_it_sends_one()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");

        var answer = await (await _service.Http.SendAsync(request)).Content.ReadAsStringAsync();

        Assert.That(answer, Does.Contain(Trace));
    }

    private static StringContent? Content(string body) => body switch
    {
        "" => null,
        "text" => new StringContent("plain", Encoding.UTF8, "text/plain"),
        "long" => new StringContent($$"""{"name":"{{new string('x', 5_000)}}"}""", Encoding.UTF8, "application/json"),
        _ => new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private sealed record Order(int Count, string? Name);
}
