using System.Net;
using System.Text.RegularExpressions;
using Tributary.Contracts;

namespace Tributary.Console.Tests;

public partial class Asking_what_runs
{
    [Test]
    public async Task Every_dependency_has_its_line_and_what_is_not_well_comes_first()
    {
        await using var console = await RunningConsole.StartAsync(
            Dependency.Well("kafka", "Answers; 16 topics."), Dependency.Unwell("postgres", "Connection refused."));

        var page = await console.PageThatSaysAsync("1 of 2 dependencies not well.");

        Assert.That(page, Does.Contain("Answers; 16 topics.").And.Contain("Connection refused."));
        Assert.That(page.IndexOf("postgres", StringComparison.Ordinal),
            Is.LessThan(page.IndexOf(">kafka<", StringComparison.Ordinal)));
    }

    [Test]
    public async Task All_well_is_said_in_a_sentence()
    {
        await using var console = await RunningConsole.StartAsync(Dependency.Well("kafka", "Answers."));

        Assert.That(await console.PageThatSaysAsync("All is well."), Does.Contain("1 dependency answered"));
    }

    [Test]
    public async Task A_process_without_dependencies_says_what_brings_them()
    {
        await using var console = await RunningConsole.StartAsync();

        Assert.That(await console.PageThatSaysAsync("It runs."), Does.Contain("brings a line for each server"));
    }

    [Test]
    public async Task Before_the_first_answer_the_page_has_its_layout_and_comes_back_by_itself()
    {
        await using var console = await RunningConsole.StartAsync(Dependency.Silent("kafka"));

        var page = WebUtility.HtmlDecode(await console.PageAsync());

        Assert.That(page, Does.Contain("Looking…").And.Contain("skeleton").And.Contain("http-equiv=\"refresh\""));
    }

    [Test]
    public async Task What_an_exception_says_stays_in_the_log()
    {
        var thrown = new InvalidOperationException("postgres://tributary:hunter2@db refused");
        await using var console = await RunningConsole.StartAsync(Dependency.Throws("postgres", thrown));

        var page = await console.PageThatSaysAsync("1 of 1 dependency not well.");

        Assert.That(page, Does.Contain("Failed with InvalidOperationException.").And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task What_a_dependency_says_is_text_and_never_markup()
    {
        await using var console = await RunningConsole.StartAsync(
            Dependency.Unwell("kafka", "<script>alert(1)</script>"));

        var page = await console.PageThatSaysAsync("not well.");

        Assert.That(page, Does.Not.Contain("<script>alert"));
    }

    [Test]
    public async Task Every_topic_is_there_with_its_key()
    {
        await using var console = await RunningConsole.StartAsync();

        var page = WebUtility.HtmlDecode(await console.PageAsync());

        foreach (var topic in Topics.All) Assert.That(page, Does.Contain($"<code>{topic.Name}</code>"));
        foreach (var topic in Topics.Streams) Assert.That(page, Does.Contain(topic.KeyedBy));
    }

    [Test]
    public async Task A_door_is_shown_where_there_is_one()
    {
        await using var console = await RunningConsole.StartAsync();

        var page = await console.PageAsync();

        Assert.That(page, Does.Contain("/health/ready"));
        foreach (var path in new[] { "/docs", "/openapi/v1.json" })
        {
            using var answer = await console.Client.GetAsync(path);
            var isShown = page.Contains($"href=\"{path}\"", StringComparison.Ordinal);
            Assert.That(isShown, Is.EqualTo(answer.IsSuccessStatusCode), path);
        }
    }

    [Test]
    public async Task The_page_runs_nothing_but_our_own_files()
    {
        await using var console = await RunningConsole.StartAsync(Dependency.Well("kafka", "Answers."));

        using var answer = await console.Client.GetAsync("/status");
        var page = await answer.Content.ReadAsStringAsync();

        var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("script-src 'self'"));
        Assert.That(policy, Does.Not.Contain("unsafe"));
        Assert.That(InlineCode().Matches(page).Select(match => match.Value), Is.Empty);
    }

    [Test]
    public async Task Its_files_may_be_kept_for_ever_and_change_their_address_when_they_change()
    {
        await using var console = await RunningConsole.StartAsync();
        var page = await console.PageAsync();

        var paths = FilePath().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.That(paths, Has.Count.EqualTo(4));
        foreach (var path in paths)
        {
            using var answer = await console.Client.GetAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.Headers.CacheControl!.ToString(), Does.Contain("immutable"));
            using var old = await console.Client.GetAsync(path.Replace(path.Split('/')[2], "0123456789abcdef"));
            Assert.That(old.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task A_first_visit_weighs_less_than_150_KB()
    {
        await using var console = await RunningConsole.StartAsync();
        var page = await console.PageAsync();
        var weight = page.Length;

        foreach (var path in FilePath().Matches(page).Select(match => match.Groups[1].Value).Distinct())
            weight += (await console.Client.GetByteArrayAsync(path)).Length;

        Assert.That(weight, Is.LessThan(150_000));
    }

    [GeneratedRegex("""<script(?![^>]*\ssrc=)[^>]*>|\sstyle="|\son[a-z]+="|javascript:""")]
    private static partial Regex InlineCode();

    [GeneratedRegex("(?:href|src)=\"(/console/[^\"]+)\"")]
    private static partial Regex FilePath();
}
