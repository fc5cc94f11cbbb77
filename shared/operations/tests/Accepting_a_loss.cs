using Tributary.Testing;

namespace Tributary.Operations.Tests;

[Category("Integration")]
public sealed class Accepting_a_loss
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
    public async Task A_reader_of_a_topic_made_anew_stops_says_so_and_goes_on_once_that_is_accepted()
    {
        await _service.SendAsync("a", "b");
        await AppliedAsync("a", "b");
        await _service.MakeAnewAsync();
        await _service.SendAsync("c", "d", "e");
        await HealthAsync("made anew");

        var shown = await _service.RunAsync("offsets", "show", "tests");
        var asked = await _service.RunAsync("offsets", "accept", "tests", "operated.v1", "0", "--at", "earliest");
        var again = await _service.RunAsync("offsets", "show", "tests");
        var done = await _service.RunAsync("offsets", "accept", "tests", "operated.v1", "0", "--at", "1", "--yes");
        await AppliedAsync("a", "b", "d", "e");
        await HealthAsync("reader-tests.reader Healthy");

        Assert.That(
            shown.Output, Does.Contain("stopped").And.Contain("./tributary offsets accept tests operated.v1 0"));
        Assert.That((asked.ExitCode, asked.Output.Contains("--yes")), Is.EqualTo((3, true)));
        Assert.That(PlaceIn(again), Is.EqualTo(PlaceIn(shown)), "nothing was changed");
        Assert.That(done.Output, Does.Contain("nor are records 0 to 0 of the new one"));
    }

    [Test]
    public async Task Skipping_and_going_back_are_told_in_records_and_done_only_within_the_log()
    {
        await _service.SendAsync("a", "b", "c", "d");
        await AppliedAsync("a", "b", "c", "d");
        await _service.ExpireAsync(before: 1);

        var back = await _service.RunAsync("offsets", "accept", "tests", "operated.v1", "--at", "2", "--yes");
        await AppliedAsync("a", "b", "c", "d");
        await _service.SendAsync("e"); // A running reader finds its offset moved at its next batch.
        await AppliedAsync("a", "b", "c", "d", "c", "d", "e");
        var outside = await _service.RunAsync("offsets", "accept", "tests", "operated.v1", "--at", "0", "--yes");

        Assert.That(back.Output, Does.Contain("goes back to 2: records 2 to 3 are handled again"));
        Assert.That((outside.ExitCode, outside.Errors), Is.EqualTo(
            (1, "operated.v1[0] holds 1 to 5; 0 is outside\n")));
    }

    /// <summary>What is said of the topic itself; its retries may be opened at any moment.</summary>
    private static string[] PlaceIn((int ExitCode, string Output, string Errors) run) =>
        [.. run.Output.Split('\n').Where(line => line.Contains("operated.v1", StringComparison.Ordinal))];

    private Task AppliedAsync(params string[] values) => Eventually.ThatAsync(
        () => _service.Applied.ToArray(), Is.EqualTo(values), TimeSpan.FromSeconds(30));

    private Task HealthAsync(string part) => Eventually.ThatAsync(
        () => _service.HealthAsync(), Does.Contain(part), TimeSpan.FromSeconds(60));
}
