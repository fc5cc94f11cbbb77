using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Console.Tests;

[Category("Integration")]
public class Opening_the_page_in_a_browser
{
    private const string WidthBeyondTheScreen =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    private const string Verdict = "document.querySelector('.verdict strong').textContent";
    private const string Background = "getComputedStyle(document.body).backgroundColor";

    [Test]
    public async Task It_fits_the_screen_in_both_themes_and_nothing_is_refused(
        [Values(1280, 390)] int width, [Values("light", "dark")] string theme)
    {
        await using var console = await RunningConsole.StartAsync(
            Dependency.Well("kafka", "Answers."), Dependency.Unwell("postgres", "Connection refused."));
        await console.PageThatSaysAsync("not well.");

        await using var browser = await Browser.OpenAsync(console.Status, width, theme);
        TestContext.AddTestAttachment(await browser.PictureAsync($"status-{theme}-{width}"));

        Assert.That(await browser.EvaluateAsync(WidthBeyondTheScreen), Is.EqualTo("0"));
        Assert.That(await browser.EvaluateAsync(Background), Is.EqualTo(
            theme == "dark" ? "rgb(14, 17, 21)" : "rgb(246, 247, 249)"));
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public async Task The_switch_chooses_a_theme_and_the_next_page_keeps_it()
    {
        await using var console = await RunningConsole.StartAsync();
        await using var browser = await Browser.OpenAsync(console.Status, width: 1280, theme: "light");
        const string click =
            "(document.querySelector('[data-switch=theme]').click(), document.documentElement.dataset.theme)";

        Assert.That(await browser.EvaluateAsync(click), Is.EqualTo("light"));
        Assert.That(await browser.EvaluateAsync(click), Is.EqualTo("dark"));
        Assert.That(await browser.EvaluateAsync("localStorage.getItem('theme')"), Is.EqualTo("dark"));
        Assert.That(await browser.EvaluateAsync(Background), Is.EqualTo("rgb(14, 17, 21)"));
        Assert.That(await browser.EvaluateAsync(click), Is.EqualTo("undefined"), "as the system says");
    }

    [Test]
    public async Task An_open_page_tells_what_changed_and_when_nothing_answers_any_more()
    {
        var answer = HealthCheckResult.Unhealthy("Connection refused.");
        var console = await RunningConsole.StartAsync(new Dependency("postgres", _ => Task.FromResult(answer)));
        await console.PageThatSaysAsync("not well.");
        await using var browser = await Browser.OpenAsync(console.Status, width: 1280, theme: "light");

        answer = HealthCheckResult.Healthy("Answers.");
        await browser.WaitForAsync(Verdict, "All is well.");
        await console.DisposeAsync();

        await browser.WaitForAsync(Verdict, "Nothing answers any more.");
        Assert.That(await browser.EvaluateAsync("document.querySelector('.verdict').className"),
            Is.EqualTo("verdict bad"));
    }

    [Test]
    public async Task The_keyboard_reaches_the_page_first()
    {
        await using var console = await RunningConsole.StartAsync();
        await using var browser = await Browser.OpenAsync(console.Status, width: 1280, theme: "light");

        var first = await browser.EvaluateAsync("document.querySelector('a, button').getAttribute('href')");

        Assert.That(first, Is.EqualTo("#page"));
    }
}
