using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Tributary.Postgres.Migrations;

/// <summary>One embedded <c>migrations/0001_name.sql</c>. Its checksum does not depend on line endings.</summary>
/// <param name="Source">Whose it is: the plumbing's or the service's; each counts for itself.</param>
internal sealed partial record Migration(string Source, int Number, string Name, string Sql)
{
    private const string Plumbing = "plumbing";

    private const string Folder = "migrations/";

    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public override string ToString() => $"{Source} {Number:0000}_{Name}";

    /// <summary>What a service's schema is made of: the plumbing, then its own, each in order.</summary>
    public static IReadOnlyList<Migration> Of(string service, Assembly assembly) =>
        [.. In(Plumbing, typeof(Migration).Assembly), .. In(service, assembly)];

    private static IReadOnlyList<Migration> In(string source, Assembly assembly)
    {
        var migrations = assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => Read(source, assembly, resource))
            .OrderBy(migration => migration.Number)
            .ToList();
        return Checked(migrations);
    }

    public static IReadOnlyList<Migration> Checked(IReadOnlyList<Migration> migrations)
    {
        var twice = migrations.GroupBy(migration => migration.Number).FirstOrDefault(number => number.Count() > 1);
        return twice is null
            ? migrations
            : throw new MigrationRefusedException($"{string.Join(" and ", twice)} have the same number");
    }

    private static Migration Read(string source, Assembly assembly, string resource)
    {
        if (FileName().Match(resource) is not { Success: true } name)
            throw new MigrationRefusedException($"{resource} of {source} is not named like 0001_touchpoint.sql");

        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var number = int.Parse(name.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return new(source, number, name.Groups["name"].Value, reader.ReadToEnd());
    }

    [GeneratedRegex("^migrations/(?<number>[0-9]{4})_(?<name>[a-z0-9_]+)[.]sql$")]
    private static partial Regex FileName();
}

/// <summary>The database is not as this build needs it, and only someone's decision can bring it there.</summary>
public sealed class MigrationRefusedException : Exception
{
    internal MigrationRefusedException(string message) : base(message) { }

    internal MigrationRefusedException(string message, Exception cause) : base(message, cause) { }
}
