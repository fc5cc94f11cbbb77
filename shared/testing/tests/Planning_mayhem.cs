using Tributary.Testing.Crashes;

namespace Tributary.Testing.Tests;

public class Planning_mayhem
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private static readonly Target[] Targets =
    [
        new("reader-1"), new("reader-2"),
        new("kafka") { FrozenMax = TimeSpan.Zero, LeftAlone = TimeSpan.FromSeconds(15) },
    ];

    [Test]
    public void The_same_seed_gives_the_same_acts_and_another_seed_others()
    {
        var plan = Mayhem.Plan(7, Targets, Window, PauseMax);

        Assert.Multiple(() =>
        {
            Assert.That(Mayhem.Plan(7, Targets, Window, PauseMax), Is.EqualTo(plan));
            Assert.That(Mayhem.Plan(8, Targets, Window, PauseMax), Is.Not.EqualTo(plan));
        });
    }

    [Test]
    public void Every_act_lies_in_the_window_and_no_part_is_harmed_while_it_suffers([Range(1, 50)] int seed)
    {
        var plan = Mayhem.Plan(seed, Targets, Window, PauseMax);

        Assert.That(plan, Is.Ordered.By(nameof(Act.At)));
        Assert.That(plan.Where(act => act.At < TimeSpan.Zero || act.At + act.Lasts > Window), Is.Empty);
        foreach (var target in Targets)
        {
            var acts = plan.Where(act => act.Part == target.Part).ToList();
            var overlaps = acts.Zip(acts.Skip(1)).Where(
                pair => pair.Second.At < pair.First.At + pair.First.Lasts + target.LeftAlone);
            Assert.That(overlaps, Is.Empty);
        }
    }

    [Test]
    public void Every_part_is_harmed_and_only_as_it_may_be([Range(1, 50)] int seed)
    {
        var plan = Mayhem.Plan(seed, Targets, Window, PauseMax);

        Assert.That(plan.Select(act => act.Part).Distinct(), Is.EquivalentTo(Targets.Select(target => target.Part)));
        Assert.That(plan.Where(act => act is { Part: "kafka", Harm: Harm.Freeze }), Is.Empty);
    }

    [Test]
    public void Over_the_seeds_parts_are_killed_and_frozen_and_some_at_once()
    {
        var plans = Enumerable.Range(1, 50).Select(seed => Mayhem.Plan(seed, Targets, Window, PauseMax)).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(plans.SelectMany(plan => plan).Select(act => act.Harm).Distinct().Count(), Is.EqualTo(2));
            Assert.That(plans.Any(plan => plan.GroupBy(act => act.At).Any(moment => moment.Count() > 1)), Is.True);
        });
    }

    [Test]
    public void A_plan_has_a_bound() => Assert.That(
        Mayhem.Plan(1, [new("quick") { LeftAlone = TimeSpan.Zero }], TimeSpan.FromDays(1), PauseMax),
        Has.Count.EqualTo(Mayhem.ActsMax));
}
