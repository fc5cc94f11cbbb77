using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Console.Health;
using Tributary.Console.Pages;

namespace Tributary.Console.Tests;

public class Judging_what_was_read
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(20);
    private static readonly RunningProcess Process = new("test", "1.0.0", Noon.AddHours(-1), []);

    [TestCase(19, "good", "All is well.")]
    [TestCase(21, "warn", "What is shown is old.")]
    public void An_old_answer_is_called_old(int seconds, string tone, string sentence)
    {
        var view = Of(Lines(HealthStatus.Healthy), Noon.AddSeconds(seconds));

        Assert.That((view.Verdict.Tone, view.Verdict.Sentence), Is.EqualTo((tone, sentence)));
    }

    [Test]
    public void An_old_answer_says_when_it_was_true() =>
        Assert.That(Of(Lines(HealthStatus.Healthy), Noon.AddMinutes(5)).Verdict.Reason,
            Does.Contain("2026-01-01 12:00:00 UTC").And.Contain("5 min ago"));

    [Test]
    public void A_failure_names_its_trace_and_keeps_what_was_known()
    {
        var before = Lines(HealthStatus.Healthy);

        var view = Of(new HealthSeen.Failed(Noon, "4bf92f3577b34da6a3ce929d0e0e4736", before), Noon);

        Assert.That(view.Verdict.Tone, Is.EqualTo("bad"));
        Assert.That(view.Verdict.Reason, Does.Contain("4bf92f3577b34da6a3ce929d0e0e4736").And.Contain("still answer"));
        Assert.That(view.Seen.LastLines, Is.SameAs(before));
    }

    [Test]
    public void Something_strained_is_a_warning_and_something_unwell_outweighs_it()
    {
        Assert.That(Of(Lines(HealthStatus.Healthy, HealthStatus.Degraded), Noon).Verdict.Sentence,
            Is.EqualTo("1 of 2 dependencies strained."));
        Assert.That(Of(Lines(HealthStatus.Unhealthy, HealthStatus.Degraded), Noon).Verdict.Tone, Is.EqualTo("bad"));
    }

    [Test]
    public void The_page_comes_back_by_itself_until_the_first_answer_only()
    {
        Assert.That(Of(new HealthSeen.NotYet(), Noon).LooksAgainAfter, Is.Not.Null);
        Assert.That(Of(Lines(HealthStatus.Healthy), Noon).LooksAgainAfter, Is.Null);
    }

    private static StatusView Of(HealthSeen seen, DateTimeOffset now) => StatusView.Of(seen, Process, now, StaleAfter);

    private static HealthSeen.Lines Lines(params HealthStatus[] statuses) =>
        new(Noon, [.. statuses.Select(status => new HealthLine($"{status}", status, TimeSpan.Zero, "Says."))]);
}
