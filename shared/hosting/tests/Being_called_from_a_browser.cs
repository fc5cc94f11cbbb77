using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Tributary.Hosting.Tests;

public class Being_called_from_a_browser
{
    private const string App = "https://app.example.com";

    [TestCase("", App, null, null, TestName = "No origin is allowed unless one is named")]
    [TestCase($"https://x.example, {App}", App, App, "true", TestName = "A named origin may send credentials")]
    [TestCase(App, "https://evil.example", null, null, TestName = "Another origin is not allowed")]
    [TestCase("*", "https://any.example", "*", null, TestName = "Every origin is allowed, without credentials")]
    public async Task From_another_origin(string allowed, string origin, string? answered, string? credentials)
    {
        await using var service = await RunningService.StartAsync(
            app => app.MapGet("/hello", () => "hello"), settings: ("ALLOWED_ORIGINS", allowed));
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/hello");
        plain.Headers.Add("Origin", origin);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/hello");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "GET");

        foreach (var request in new[] { plain, preflight })
        {
            using var response = await service.Http.SendAsync(request);
            Assert.That(Header(response, "Access-Control-Allow-Origin"), Is.EqualTo(answered));
            Assert.That(Header(response, "Access-Control-Allow-Credentials"), Is.EqualTo(credentials));
        }
    }

    [TestCase("app.example.com")]
    [TestCase("https://app.example.com/path")]
    [TestCase("*, https://app.example.com")]
    public void What_is_not_an_origin_stops_the_start(string allowed) => Assert.That(
        async () => await RunningService.StartAsync(settings: ("ALLOWED_ORIGINS", allowed)),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("set it as ALLOWED_ORIGINS"));

    [Test]
    public async Task The_reference_describes_every_endpoint_at_both_addresses()
    {
        await using var service = await RunningService.StartAsync(
            app => app.MapGet("/api/v1/things/{id}", (int id) => id));

        var one = await service.Http.GetStringAsync("/openapi/v1.json");
        var other = await service.Http.GetStringAsync("/api/v1/openapi.json");

        var document = JsonDocument.Parse(one).RootElement;
        Assert.That(document.GetProperty("info").GetProperty("title").GetString(), Is.EqualTo("Tributary tested"));
        Assert.That(document.GetProperty("paths").EnumerateObject().Select(path => path.Name),
            Is.EqualTo(["/api/v1/things/{id}"]));
        Assert.That(other, Is.EqualTo(one));
    }

    [Test]
    public async Task The_page_at_docs_loads_only_its_own_files_and_has_no_script_in_it()
    {
        await using var service = await RunningService.StartAsync();

        using var page = await service.Http.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();

        Assert.That(Header(page, "Content-Security-Policy"), Does.StartWith("default-src 'none'; script-src 'self';"));
        Assert.That(html, Does.Not.Match("<script[^>]*>[^<]").And.Not.Match("style=").And.Not.Match(" on[a-z]+="));
        var files = System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"(/docs/[^\"]+)\"");
        Assert.That(files, Has.Count.EqualTo(2));
        foreach (System.Text.RegularExpressions.Match file in files)
            Assert.That(await service.Http.GetStringAsync(file.Groups[1].Value), Is.Not.Empty);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
