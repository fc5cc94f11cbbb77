using System.Net;
using System.Text.RegularExpressions;

namespace Tributary.Console.Tests;

public partial class Signing_in
{
    private const string Secret = "a secret of at least thirty-two characters";

    [Test]
    public async Task A_good_key_leads_to_the_page_that_was_asked_for()
    {
        await using var console = await RunningConsole.StartAsync();

        using var asked = await console.Client.GetAsync("/live?source=x&name=order");
        var door = asked.Headers.Location!.OriginalString;
        using var answer = await PostAsync(console, Shop.Key, door);

        Assert.That(door, Does.StartWith("/sign-in?to=%2Flive"));
        Assert.That(answer.Headers.Location!.OriginalString, Is.EqualTo("/live?source=x&name=order"));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("tributary_session="));
        Assert.That(cookie, Does.Contain("httponly").And.Contain("samesite=strict").And.Not.Contain(Shop.Key));
        Assert.That(await console.Client.GetStringAsync("/live"), Does.Contain("What is arriving?"));
    }

    [TestCase("", "not a key that is good")]
    [TestCase("trib_unknown", "not a key that is good")]
    [TestCase(Shop.WeakKey, "may not read events")]
    public async Task Another_key_is_told_why_not(string key, string says)
    {
        await using var console = await RunningConsole.StartAsync();

        using var answer = await PostAsync(console, key);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), Does.Contain(says));
        using var page = await console.Client.GetAsync("/live");
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.Found));
    }

    [TestCase("//elsewhere.example")]
    [TestCase("https://elsewhere.example")]
    [TestCase("/\\elsewhere.example")]
    [TestCase("/\t/elsewhere.example")]
    public async Task Nobody_is_sent_elsewhere(string to)
    {
        await using var console = await RunningConsole.StartAsync();

        using var answer = await PostAsync(console, Shop.Key, $"/sign-in?to={Uri.EscapeDataString(to)}");

        Assert.That(answer.Headers.Location!.OriginalString, Is.EqualTo("/live"));
    }

    [Test]
    public async Task A_form_that_is_not_ours_is_not_taken()
    {
        await using var console = await RunningConsole.StartAsync();

        using var answer = await console.Client.PostAsync("/sign-in", Form(("key", Shop.Key)));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(answer.Headers.Contains("Set-Cookie")
            && answer.Headers.GetValues("Set-Cookie").Any(text => text.StartsWith("tributary_session")), Is.False);
    }

    [Test]
    public async Task A_key_that_is_taken_back_ends_the_session_at_once()
    {
        await using var console = await RunningConsole.StartAsync();
        using var answer = await PostAsync(console, Shop.Key);

        Shop.Revoke(console.Accounts);

        using var page = await console.Client.GetAsync("/live");
        using var call = await console.Client.GetAsync("/console/api/events/counts");
        Assert.That(page.Headers.Location!.OriginalString, Does.StartWith("/sign-in"));
        Assert.That(call.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await console.Client.GetStringAsync("/sign-in"), Does.Contain("Your session has ended"));
    }

    [Test]
    public async Task Who_signs_out_is_out()
    {
        await using var console = await RunningConsole.StartAsync();
        using var answer = await PostAsync(console, Shop.Key);
        var token = Token().Match(await console.Client.GetStringAsync("/live")).Groups[1].Value;

        using var left = await console.Client.PostAsync("/sign-out", Form(("form", WebUtility.HtmlDecode(token))));

        using var page = await console.Client.GetAsync("/live");
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.Found));
    }

    [TestCase(Secret, "/live")]
    [TestCase("another secret of at least thirty-two characters", "/sign-in")]
    public async Task A_restart_under_the_same_secret_signs_nobody_out(string secret, string leadsTo)
    {
        string cookie;
        await using (var console = await RunningConsole.StartAsync(Secret))
        {
            using var answer = await PostAsync(console, Shop.Key);
            cookie = answer.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("tributary_session="));
        }

        await using var again = await RunningConsole.StartAsync(secret);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var page = await again.Client.SendAsync(request);

        Assert.That(page.Headers.Location!.OriginalString, Is.EqualTo(leadsTo));
    }

    [Test]
    public async Task Guessing_is_slowed_down()
    {
        await using var console = await RunningConsole.StartAsync();

        var statuses = new List<HttpStatusCode>();
        for (var guess = 0; guess < 12; guess++)
        {
            using var answer = await console.Client.PostAsync("/sign-in", Form(("key", $"trib_{guess}")));
            statuses.Add(answer.StatusCode);
        }

        Assert.That(statuses, Has.Some.EqualTo(HttpStatusCode.TooManyRequests));
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RunningConsole console, string key, string door = "/sign-in")
    {
        var page = await console.Client.GetStringAsync(door);
        var fields = Field().Matches(page).ToDictionary(
            match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        return await console.Client.PostAsync(
            "/sign-in", Form(("form", fields["form"]), ("to", fields["to"]), ("key", key)));
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    [GeneratedRegex("""<input type="hidden" name="([a-z]+)" value="([^"]*)"[^>]*>""")]
    private static partial Regex Field();

    [GeneratedRegex("""name="form" value="([^"]*)"[^>]*>\s*<button type="submit">Sign out""")]
    private static partial Regex Token();
}
