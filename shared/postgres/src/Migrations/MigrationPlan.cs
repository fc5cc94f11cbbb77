namespace Tributary.Postgres.Migrations;

/// <summary>A line of the table <c>migration</c>.</summary>
internal sealed record AppliedMigration(string Source, int Number, string Name, string Checksum)
{
    public override string ToString() => $"{Source} {Number:0000}_{Name}";
}

/// <summary>Decides, from what is applied and what this build has, what is to be applied.</summary>
internal static class MigrationPlan
{
    /// <returns>What is to be applied, in order.</returns>
    /// <exception cref="MigrationRefusedException">What is applied is not what this build has.</exception>
    public static IReadOnlyList<Migration> Decide(
        IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        var done = applied.ToDictionary(line => (line.Source, line.Number));
        foreach (var line in applied)
        {
            var migration = known.FirstOrDefault(one => (one.Source, one.Number) == (line.Source, line.Number));
            if (migration is null || migration.Name != line.Name)
                throw new MigrationRefusedException(
                    $"migration {line} is applied but this build does not have it: run the build that does, "
                    + "or bring the file back");
            if (migration.Checksum != line.Checksum)
                throw new MigrationRefusedException(
                    $"migration {line} was changed after it was applied: bring the file back as it was, "
                    + "and write the change as a new migration");
        }

        var next = known.Where(migration => !done.ContainsKey((migration.Source, migration.Number))).ToList();
        foreach (var migration in next)
        {
            var newest = applied.Where(line => line.Source == migration.Source).MaxBy(line => line.Number);
            if (newest is not null && newest.Number > migration.Number)
                throw new MigrationRefusedException(
                    $"migration {migration} comes before {newest}, which is applied: give it the next number");
        }

        return next;
    }
}
