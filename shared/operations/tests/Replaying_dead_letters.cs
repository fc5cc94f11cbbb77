using System.Text.Json;
using Tributary.Testing;

namespace Tributary.Operations.Tests;

[Category("Integration")]
public sealed class Replaying_dead_letters
{
    private OperatedService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await OperatedService.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    [Test]
    public async Task A_rejected_record_is_listed_shown_and_applied_once_however_often_it_is_replayed()
    {
        _service.Unwanted["b"] = "unknown campaign";
        await _service.SendAsync("a", "b", "c");
        await AppliedAsync("a", "c");

        var listed = await _service.RunAsync("dead", "list", "tests");
        var shown = await _service.RunAsync("dead", "show", "tests", "0");
        _service.Unwanted.Clear();
        var replayed = await _service.RunAsync("dead", "replay", "tests", "--all");
        await AppliedAsync("a", "c", "b");
        await _service.RunAsync("dead", "replay", "tests", "--all");
        await _service.RunAsync("dead", "replay", "tests", "--offset", "0");
        await RetriedAsync(3);

        Assert.That(listed.Output, Does.Contain("unknown campaign").And.Contain("operated.v1[0]@1"));
        Assert.That(shown.Output, Does.Contain("tests.reader").And.Contain("attempts:     1"));
        Assert.That((replayed.ExitCode, replayed.Output), Is.EqualTo((0, "1 to be tried again by tests\n")));
        Assert.That(_service.Applied, Is.EqualTo(new[] { "a", "c", "b" }), "once");
    }

    [Test]
    public async Task Letters_are_paged_filtered_and_printed_for_programs()
    {
        foreach (var number in Enumerable.Range(0, 7)) _service.Unwanted[$"{number}"] = number < 5 ? "few" : "many";
        await _service.SendAsync([.. Enumerable.Range(0, 7).Select(number => $"{number}"), "end"]);
        await AppliedAsync("end");

        var first = Letters(
            await _service.RunAsync("dead", "list", "tests", "--limit", "3", "--reason", "few", "--json"));
        var rest = Letters(await _service.RunAsync(
            "dead", "list", "tests", "--after", $"{first.Next}", "--reason", "few", "--json"));
        var others = Letters(await _service.RunAsync("dead", "list", "tests", "--reason=many", "--json"));

        Assert.That(first.Offsets, Is.EqualTo(new long[] { 0, 1, 2 }));
        Assert.That((rest.Offsets, rest.Next), Is.EqualTo((new long[] { 3, 4 }, (long?)null)));
        Assert.That(others.Offsets, Is.EqualTo(new long[] { 5, 6 }));
    }

    [Test]
    public async Task Only_what_is_meant_is_replayed()
    {
        (_service.Unwanted["a"], _service.Unwanted["b"]) = ("left", "right");
        await _service.SendAsync("a", "b", "c");
        await AppliedAsync("c");
        _service.Unwanted.Clear();

        var all = await _service.RunAsync("dead", "replay", "tests");
        await _service.RunAsync("dead", "replay", "tests", "--reason", "right");
        await AppliedAsync("c", "b");

        Assert.That(all.ExitCode, Is.EqualTo(2));
        Assert.That(_service.Applied, Is.EqualTo(new[] { "c", "b" }));
    }

    private Task AppliedAsync(params string[] values) => Eventually.ThatAsync(
        () => _service.Applied.ToArray(), Is.EqualTo(values), TimeSpan.FromSeconds(30));

    private Task RetriedAsync(long next) => Eventually.TrueAsync(
        async () => (await _service.RunAsync("offsets", "show", "tests", "--json")).Output is { } shown
            && JsonDocument.Parse(shown).RootElement.EnumerateArray().Any(place =>
                place.GetProperty("topic").GetString() == "retry.tests"
                && place.GetProperty("next").GetInt64() == next),
        "all retries were read");

    private static (long[] Offsets, long? Next) Letters((int ExitCode, string Output, string Errors) run)
    {
        var page = JsonDocument.Parse(run.Output).RootElement;
        return (
            [.. page.GetProperty("letters").EnumerateArray().Select(letter => letter.GetProperty("offset").GetInt64())],
            page.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null);
    }
}
