using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Tributary.Authorisation.Testing;
using Tributary.Testing;

namespace Tributary.Authorisation.Tests;

public class Letting_callers_in
{
    private static readonly Guid Ours = Guid.NewGuid();
    private readonly ManualTime _time = new();
    private GuardedService _service = null!;

    [OneTimeSetUp]
    public async Task StartService()
    {
        var ours = SampleAccounts.Organisation(Ours, 1)
            .WithKey(Guid.NewGuid(), "reads", "events:read")
            .WithKey(Guid.NewGuid(), "sees-all", "*:*")
            .WithKey(Guid.NewGuid(), "other", "sources:read", "apps:*")
            .WithKey(Guid.NewGuid(), "expired", "events:read")
            .WithKey(Guid.NewGuid(), "revoked", "events:read");
        ours.ApiKeys[3].ExpiresAt = _time.GetUtcNow().ToTimestamp();
        ours.ApiKeys[4].Revoked = true;
        var suspended = SampleAccounts.Organisation(Guid.NewGuid(), 1).WithKey(Guid.NewGuid(), "suspended", "*:*");
        suspended.Suspended = true;
        _service = await GuardedService.StartAsync(SampleAccounts.Directory(_time, ours, suspended));
    }

    [OneTimeTearDown]
    public async Task StopService() => await _service.DisposeAsync();

    [TestCase("Authorization", "Bearer reads")]
    [TestCase("Authorization", "bearer sees-all")]
    [TestCase("X-Api-Key", "reads")]
    [TestCase("Cookie", "tributary_key=reads")]
    public async Task A_key_with_the_permission_is_let_in_and_acts_for_its_organisation(string header, string value)
    {
        using var answer = await AskAsync((header, value));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadFromJsonAsync<Guid>(), Is.EqualTo(Ours));
    }

    [Test]
    public async Task Without_a_key_it_is_said_how_to_send_one()
    {
        using var answer = await AskAsync();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer realm=\"tributary\""));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await DetailAsync(answer), Does.Contain("Authorization: Bearer").And.Contain("X-Api-Key"));
    }

    [TestCase("nobody's", "not known")]
    [TestCase("", "not known")]
    [TestCase("trw_anything", "write key")]
    [TestCase("trb_cutoff", "not whole")]
    [TestCase("expired", "expired")]
    [TestCase("revoked", "revoked")]
    public async Task A_key_that_is_not_good_is_refused_with_its_reason(string key, string reason)
    {
        using var answer = await AskAsync(("Authorization", $"Bearer {key}"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token"));
        Assert.That(await DetailAsync(answer), Does.Contain(reason));
    }

    [Test]
    public async Task A_key_of_absurd_length_is_unknown()
    {
        using var answer = await AskAsync(("X-Api-Key", new string('x', 5_000)));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_key_without_the_permission_is_told_which_one_it_misses()
    {
        using var answer = await AskAsync(("X-Api-Key", "other"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("missing").GetString(), Is.EqualTo("events:read"));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("events:read"));
        Assert.That($"{problem.GetProperty("granted")}", Is.EqualTo("""["sources:read","apps:*"]"""));
    }

    [Test]
    public async Task A_suspended_organisation_is_told_so()
    {
        using var answer = await AskAsync(("X-Api-Key", "suspended"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await DetailAsync(answer), Does.Contain("suspended"));
    }

    [Test]
    public async Task A_cookie_counts_only_for_a_page_of_ours()
    {
        using var answer = await AskAsync(("Cookie", "tributary_key=reads"), ("Sec-Fetch-Site", "cross-site"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Whoever_may_call_without_a_key_needs_none()
    {
        Assert.That(await _service.Http.GetStringAsync("/open"), Is.EqualTo("open"));
    }

    [Test]
    public void Endpoints_that_say_who_may_call_them_break_no_rule() =>
        Assert.That(OfThisService(), Is.Empty);

    [Test]
    public void An_endpoint_that_says_nothing_two_things_or_nonsense_is_named()
    {
        var app = WebApplication.CreateBuilder().Build();
        app.MapGet("/nothing", () => 1);
        app.MapGet("/twice", () => 1).RequirePermission("events:read").AllowAnonymous();
        app.MapGet("/misspelt", () => 1).RequirePermission("evnts:read");
        app.MapGet("/well", () => 1).RequirePermission("events:read");

        var violations = EndpointRules.Violations(app);

        Assert.That(violations, Has.Count.EqualTo(3));
        Assert.That(violations[0], Does.Contain("/nothing"));
        Assert.That(violations[1], Does.Contain("/twice"));
        Assert.That(violations[2], Does.Contain("/misspelt").And.Contain("Permission.Known"));
    }

    private IReadOnlyList<string> OfThisService() => EndpointRules.Violations(_service.App);

    private async Task<HttpResponseMessage> AskAsync(params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _service.Http.SendAsync(request);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
}
