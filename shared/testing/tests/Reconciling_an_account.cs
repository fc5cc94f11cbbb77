using Tributary.Testing.Crashes;

namespace Tributary.Testing.Tests;

public class Reconciling_an_account
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Entry[] Three = [Sent("a", 1), Sent("a", 2), Sent("b", 1)];

    [Test]
    public void What_came_out_once_and_in_order_is_clean() => Assert.That(
        Out("a-1", "b-1", "a-2"),
        Has.Property("IsClean").True.And.Property("FirstBad").Null.And.Property("Distinct").EqualTo(3));

    [Test]
    public void What_was_acknowledged_and_did_not_come_out_is_lost() =>
        Assert.That(Out("a-1", "b-1").Lost, Is.EqualTo(new[] { "a-2" }));

    [Test]
    public void What_came_out_twice_is_doubled_and_named_once() =>
        Assert.That(Out("a-1", "a-2", "b-1", "a-1", "a-1").Doubled, Is.EqualTo(new[] { "a-1" }));

    [Test]
    public void What_came_out_after_a_later_one_of_its_key_is_out_of_order() =>
        Assert.That(Out("a-2", "b-1", "a-1").OutOfOrder, Is.EqualTo(new[] { "a-1" }));

    [Test]
    public void A_double_is_not_also_out_of_order()
    {
        var result = Out("a-1", "a-2", "a-1", "b-1");

        Assert.That((result.Doubled.Count, result.OutOfOrder.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void What_was_never_sent_or_was_refused_is_unexpected()
    {
        var result = Reconciliation.Of(
            "c", [Sent("a", 1), Sent("a", 2, Outcome.Refused)], [new("a-1", ""), new("a-2", ""), new("x-1", "")]);

        Assert.That(result.Unexpected, Is.EqualTo(new[] { "a-2", "x-1" }));
    }

    [TestCase(0, true, TestName = "An id of unknown fate may stay out")]
    [TestCase(1, true, TestName = "An id of unknown fate may come out once")]
    [TestCase(2, false, TestName = "An id of unknown fate must not come out twice")]
    public void An_unknown_fate(int times, bool clean) => Assert.That(
        Reconciliation.Of(
            "c", [Sent("a", 1, Outcome.Unknown)], [.. Enumerable.Repeat(new Sighting("a-1", ""), times)]).IsClean,
        Is.EqualTo(clean));

    [Test]
    public void The_first_bad_id_is_the_first_that_was_sent() =>
        Assert.That(Out("b-1", "a-1", "a-1").FirstBad, Is.EqualTo("a-1"));

    [Test]
    public void The_account_keeps_what_was_promised()
    {
        var time = new ManualTime(Noon);
        var account = new Account(time);

        foreach (var sequence in Enumerable.Range(1, 4)) account.Sent($"k-{sequence}", "k", sequence);
        time.Advance(TimeSpan.FromSeconds(1));
        account.Acknowledged("k-1", "t[0]@5");
        account.Refused("k-2", "too large");
        account.Unknown("k-3", "timed out");

        Assert.That(account.Entries, Is.EquivalentTo(new Entry[]
        {
            new("k-1", "k", 1, Noon, Outcome.Acknowledged, Noon.AddSeconds(1), "t[0]@5"),
            new("k-2", "k", 2, Noon, Outcome.Refused, Noon.AddSeconds(1), "too large"),
            new("k-3", "k", 3, Noon, Outcome.Unknown, Noon.AddSeconds(1), "timed out"),
            new("k-4", "k", 4, Noon, Outcome.Sent, Noon, ""),
        }));
    }

    [Test]
    public void An_id_is_sent_once()
    {
        var account = new Account(new ManualTime(Noon));
        account.Sent("k-1", "k", 1);

        Assert.That(() => account.Sent("k-1", "k", 1), Throws.InvalidOperationException);
    }

    [Test]
    public void The_report_tells_the_way_of_the_first_bad_id_and_what_happened_near_it()
    {
        IReadOnlyList<Sighting> topic = [new("a-1", "counted[0]@3", Noon.AddSeconds(2)), new("a-2", "counted[0]@4"),
            new("b-1", "counted[1]@0"), new("a-1", "counted[0]@9", Noon.AddSeconds(4))];
        var report = new RoundReport
        {
            Seed = 7,
            Took = TimeSpan.FromSeconds(21),
            Entries = Three,
            Incidents = [new(Noon.AddSeconds(3), "reader-1", "killed"), new(Noon.AddSeconds(60), "kafka", "killed")],
            Sightings = new Dictionary<string, IReadOnlyList<Sighting>> { ["rows"] = [], ["relay"] = topic },
            Consumers = [Reconciliation.Of("relay", Three, topic)],
        };

        var text = report.ToString();
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("seed 7: BROKEN").And.Contain("sent 3, acknowledged 3"));
            Assert.That(text, Does.Contain("relay: ids 3, lost 0, doubled 1, out of order 0, unexpected 0"));
            Assert.That(text, Does.Contain("the way of a-1"));
            Assert.That(text, Does.Contain("12:00:01.000  sent with key a as number 1 of it"));
            Assert.That(text, Does.Contain("rows: never seen"));
            Assert.That(text, Does.Contain("12:00:02.000  relay: counted[0]@3").And.Contain("relay: counted[0]@9"));
            Assert.That(text, Does.Contain("near it: reader-1 killed").And.Not.Contain("near it: kafka"));
        });
    }

    private static Reconciliation Out(params string[] ids) =>
        Reconciliation.Of("c", Three, [.. ids.Select(id => new Sighting(id, "somewhere"))]);

    private static Entry Sent(string key, long sequence, Outcome outcome = Outcome.Acknowledged)
    {
        var at = Noon.AddSeconds(sequence);
        return new($"{key}-{sequence}", key, sequence, at, outcome, at, "t[0]@1");
    }
}
