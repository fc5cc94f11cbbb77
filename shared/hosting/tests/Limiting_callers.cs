using System.Net;

namespace Tributary.Hosting.Tests;

public class Limiting_callers
{
    [Test]
    public async Task Above_its_limit_a_caller_gets_a_problem_and_is_told_when_to_come_back()
    {
        await using var service = await StartAsync();

        for (var call = 0; call < 3; call++)
            Assert.That(await StatusAsync(service, "a"), Is.EqualTo(HttpStatusCode.OK));
        using var refused = await AskAsync(service, "a");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Callers_with_other_keys_are_counted_apart()
    {
        await using var service = await StartAsync();

        for (var call = 0; call < 4; call++) await StatusAsync(service, "a");

        Assert.That(await StatusAsync(service, "b"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Inventing_keys_gains_no_more_than_a_bound_by_address()
    {
        await using var service = await StartAsync(("RateLimits:greetings:KeysPerAddressMax", "2"));

        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 10; call++) statuses.Add(await StatusAsync(service, $"invented {call}"));

        Assert.That(statuses.Count(status => status == HttpStatusCode.OK), Is.EqualTo(6));
    }

    [Test]
    public async Task Without_a_key_the_address_is_counted()
    {
        await using var service = await StartAsync();

        for (var call = 0; call < 3; call++) await service.Http.GetAsync("/greetings");

        Assert.That((await service.Http.GetAsync("/greetings")).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task An_operator_may_set_another_number()
    {
        await using var service = await StartAsync(("RateLimits:greetings:Permits", "1"));

        Assert.That(await StatusAsync(service, "a"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(service, "a"), Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public void A_limit_that_nobody_named_stops_the_start() => Assert.That(
        async () => await RunningService.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit("unheard")),
        Throws.InvalidOperationException.With.Message.Contains("unheard"));

    private static Task<RunningService> StartAsync(params (string Key, string Value)[] settings) =>
        RunningService.StartAsync(
            app => app.MapGet("/greetings", () => "hello").RequireRateLimit("greetings"),
            builder => builder.AddRateLimit("greetings", permits: 3, window: TimeSpan.FromMinutes(1)),
            settings);

    private static async Task<HttpStatusCode> StatusAsync(RunningService service, string key)
    {
        using var response = await AskAsync(service, key);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningService service, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/greetings");
        request.Headers.Add("X-Api-Key", key);
        return await service.Http.SendAsync(request);
    }
}
