using Tributary.Postgres.Migrations;

namespace Tributary.Postgres.Tests;

public class Planning_migrations
{
    [Test]
    public void What_is_not_applied_is_applied_in_order()
    {
        var next = MigrationPlan.Decide([Known(1), Known(2), Known(3)], [Applied(Known(1))]);

        Assert.That(next.Select(migration => migration.Number), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void A_migration_numbered_below_an_applied_one_is_refused()
    {
        Assert.That(
            () => MigrationPlan.Decide([Known(1), Known(2), Known(3)], [Applied(Known(1)), Applied(Known(3))]),
            Throws.InstanceOf<MigrationRefusedException>().With.Message.Contains("give it the next number"));
    }

    [Test]
    public void A_number_used_twice_is_refused()
    {
        Assert.That(
            () => Migration.Checked([Known(1), Known(1) with { Name = "other" }]),
            Throws.InstanceOf<MigrationRefusedException>()
                .With.Message.EqualTo("bandit 0001_n1 and bandit 0001_other have the same number"));
    }

    [Test]
    public void Line_endings_do_not_change_a_migration()
    {
        var unix = new Migration("bandit", 1, "n", "a\nb");
        var windows = new Migration("bandit", 1, "n", "a\r\nb");

        Assert.That(windows.Checksum, Is.EqualTo(unix.Checksum));
    }

    private static Migration Known(int number) => new("bandit", number, $"n{number}", $"select {number}");

    private static AppliedMigration Applied(Migration known) =>
        new(known.Source, known.Number, known.Name, known.Checksum);
}
