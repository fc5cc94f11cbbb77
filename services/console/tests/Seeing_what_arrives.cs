using Tributary.Testing;

namespace Tributary.Console.Tests;

[Category("Integration")]
public class Seeing_what_arrives
{
    private const string WidthBeyondTheScreen =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    private const string Rows = "document.querySelectorAll('[data-rows] tr[data-id]').length";
    private const string Opened = "document.querySelector('[data-drawer]').hidden === false "
        + "&& document.querySelector('#drawer-title').textContent";

    [Test]
    public async Task Each_state_fits_the_screen_in_both_themes_and_nothing_is_refused(
        [Values(1280, 390)] int width,
        [Values("light", "dark")] string theme,
        [Values("arriving", "empty", "loading", "error", "stale", "opened")] string state)
    {
        await using var console = await RunningConsole.StartAsync();
        var held = new TaskCompletionSource();
        Arrange(console.Ingestion, state, held.Task);
        await using var browser = await SignedInAsync(console, width, theme, state == "opened" ? "?event=order-7" : "");
        await browser.WaitForAsync(Shown(state), "true");
        if (state == "stale") await MakeStaleAsync(console, browser);
        TestContext.AddTestAttachment(await browser.PictureAsync($"live-{state}-{theme}-{width}"));

        Assert.That(await browser.EvaluateAsync(WidthBeyondTheScreen), Is.EqualTo("0"));
        Assert.That(await Accessibility.SeriousFindingsAsync(browser), Is.Empty);
        if (state is "arriving" or "opened" or "empty") Assert.That(browser.Complaints, Is.Empty);
        held.TrySetResult();
    }

    [Test]
    public async Task An_event_slides_in_and_its_name_is_text()
    {
        await using var console = await RunningConsole.StartAsync();
        Arrange(console.Ingestion, "arriving", Task.CompletedTask);
        await using var browser = await SignedInAsync(console, 1280, "light");
        await browser.WaitForAsync(Shown("arriving"), "true");

        const string name = "<img src=x onerror=alert(1)>";
        console.Ingestion.Say("accepted", ScriptedIngestion.Event("new-1", name, "accepted", 0));

        const string first = "document.querySelector('[data-rows] tr a').textContent";
        await browser.WaitForAsync(first, name);
        const string images = "document.querySelectorAll('[data-rows] img').length";
        Assert.That(await browser.EvaluateAsync(images), Is.EqualTo("0"));
    }

    [Test]
    public async Task What_is_filtered_is_in_the_address_and_a_pause_holds_what_comes()
    {
        await using var console = await RunningConsole.StartAsync();
        Arrange(console.Ingestion, "arriving", Task.CompletedTask);
        await using var browser = await SignedInAsync(console, 1280, "light");
        await browser.WaitForAsync(Shown("arriving"), "true");
        var all = await browser.EvaluateAsync(Rows);

        await browser.EvaluateAsync("(document.querySelector('[name=name]').value = 'checkout', "
            + "document.querySelector('[name=name]').dispatchEvent(new Event('input')))");
        await browser.WaitForAsync(Rows, "2");
        Assert.That(await browser.EvaluateAsync("location.search"), Is.EqualTo("?name=checkout"));

        await browser.EvaluateAsync("document.querySelector('[data-act=pause]').click()");
        console.Ingestion.Say("accepted", ScriptedIngestion.Event("held", "checkout_started", "accepted", 0));
        await browser.WaitForAsync("document.querySelector('[data-pulse]').textContent", "Paused. 1 came since.");
        Assert.That(await browser.EvaluateAsync(Rows), Is.EqualTo("2"));
        await browser.EvaluateAsync("document.querySelector('[data-act=pause]').click()");
        await browser.WaitForAsync(Rows, "3");
        Assert.That(int.Parse(all), Is.GreaterThan(3));
    }

    [Test]
    public async Task The_keyboard_goes_through_it()
    {
        await using var console = await RunningConsole.StartAsync();
        Arrange(console.Ingestion, "arriving", Task.CompletedTask);
        await using var browser = await SignedInAsync(console, 1280, "light");
        await browser.WaitForAsync(Shown("arriving"), "true");

        await browser.PressAsync("j");
        await browser.PressAsync("j");
        await browser.PressAsync("k");
        const string id = "document.activeElement.dataset.opensEvent";
        Assert.That(await browser.EvaluateAsync(id), Is.EqualTo("order-7"));
        await browser.PressAsync("Enter");
        await browser.WaitForAsync(Opened, "order_completed");
        Assert.That(await browser.EvaluateAsync("location.search"), Is.EqualTo("?event=order-7"));
        await browser.PressAsync("Escape");
        await browser.WaitForAsync("document.querySelector('[data-drawer]').hidden", "true");
        Assert.That(await browser.EvaluateAsync(id), Is.EqualTo("order-7"), "focus is where it was");

        await browser.PressAsync("/");
        Assert.That(await browser.EvaluateAsync("document.activeElement.name"), Is.EqualTo("name"));
        await browser.PressAsync("Escape");
        await browser.PressAsync("?");
        await browser.WaitForAsync("document.querySelector('dialog').open", "true");
        await browser.PressAsync("Escape");
        await browser.WaitForAsync("document.querySelector('dialog').open", "false");
        await browser.PressAsync("g");
        await browser.PressAsync("s");
        await browser.WaitForAsync("location.pathname", "/status");
    }

    [Test]
    public async Task A_stream_that_breaks_off_comes_back()
    {
        await using var console = await RunningConsole.StartAsync();
        Arrange(console.Ingestion, "arriving", Task.CompletedTask);
        await using var browser = await SignedInAsync(console, 1280, "light");
        await browser.WaitForAsync(Shown("arriving"), "true");

        console.Ingestion.EndStreams();
        await Eventually.ThatAsync(() => console.Ingestion.Streams, Is.EqualTo(1));
        console.Ingestion.Say("accepted", ScriptedIngestion.Event("after", "came_after", "accepted", 0));

        await browser.WaitForAsync("document.querySelector('[data-rows] tr a').textContent", "came_after");
    }

    [Test]
    public async Task A_first_visit_weighs_less_than_150_KB()
    {
        await using var console = await RunningConsole.StartAsync();
        Arrange(console.Ingestion, "empty", Task.CompletedTask);
        await using var browser = await SignedInAsync(console, 1280, "light");
        await browser.WaitForAsync(Shown("empty"), "true");

        var weight = await browser.EvaluateAsync("[...performance.getEntriesByType('resource'), "
            + "...performance.getEntriesByType('navigation')].reduce((sum, one) => sum + one.transferSize, 0)");

        Assert.That(int.Parse(weight), Is.InRange(10_000, 150_000));
    }

    private static async Task<Browser> SignedInAsync(RunningConsole console, int width, string theme, string query = "")
    {
        var browser = await Browser.OpenAsync(new Uri(console.Live + query), width, theme);
        await browser.EvaluateAsync($"(document.querySelector('#key').value = '{Shop.Key}', "
            + "document.querySelector('form').requestSubmit())");
        await browser.WaitForAsync("location.pathname + document.readyState", "/livecomplete");
        return browser;
    }

    private static void Arrange(ScriptedIngestion ingestion, string state, Task held)
    {
        string[] names = ["page_viewed", "product_added", "checkout_started", "order_completed", "page_viewed"];
        if (state is not ("empty" or "error" or "loading"))
        {
            for (var number = 0; number < 9; number++)
                ingestion.Stored.Add(ScriptedIngestion.Event(
                    number == 1 ? "order-7" : $"id-{number}", number == 1 ? "order_completed" : names[number % 5],
                    "accepted", number * 4));
            ingestion.Stored[0]["messageId"] = "order-7";
            ingestion.Stored[0]["event"] = "order_completed";
            ingestion.Stored[1]["messageId"] = "id-1";
            ingestion.Stored.Add(ScriptedIngestion.Event("bad-1", "", "refused", 9));
            ingestion.Found["order-7"] = ScriptedIngestion.Whole("order-7", "order_completed");
        }

        if (state == "empty")
            ingestion.Counts = """
                {"in":0,"stored":0,"repeats":0,"refused":0,"refusedByReason":{},"lag":{"waiting":0}}
                """;
        if (state == "error") ingestion.Fault = 503;
        if (state == "loading") ingestion.Before = held;
    }

    private static async Task MakeStaleAsync(RunningConsole console, Browser browser)
    {
        console.Ingestion.Fault = 503;
        console.Ingestion.EndStreams();
        await browser.WaitForAsync("document.querySelector('[data-sum]').classList.contains('stale')", "true");
    }

    private static string Shown(string state) => state switch
    {
        "empty" => "!document.querySelector('[data-empty]').hidden",
        "error" => "!document.querySelector('[data-notice]').hidden",
        "loading" => "document.querySelectorAll('.rows.skeleton').length === 1",
        "opened" => "document.querySelectorAll('.way .here').length === 4",
        _ => $"{Rows} > 3 && document.querySelector('[data-count=in]').textContent === '1,204'",
    };
}
