using NUnit.Framework;

namespace Tributary.Testing;

/// <summary>
/// Where an integration test finds what it needs and cannot bring along: a server's address, a folder, a program.
/// Absent: skipped by name on a laptop, failed where <c>CI</c> is set.
/// </summary>
public static class RealService
{
    /// <summary>An Npgsql connection string of a superuser on a server that may be thrown away.</summary>
    public static string Postgres => Address("TEST_POSTGRES");

    /// <summary>Bootstrap servers.</summary>
    public static string Kafka => Address("TEST_KAFKA");

    /// <summary>Host and port.</summary>
    public static string Redis => Address("TEST_REDIS");

    /// <summary>A URL <c>http://[user:password@]host:port</c>; a fixture makes a database of its own.</summary>
    public static string ClickHouse => Address("TEST_CLICKHOUSE");

    /// <summary>A runnable Apache Kafka, for tests that start and kill brokers of their own.</summary>
    public static string KafkaHome => Address("KAFKA_HOME");

    /// <summary>What the variable holds.</summary>
    public static string Address(string variable) => Address(variable, Environment.GetEnvironmentVariable);

    /// <summary>The full path of a program on PATH, such as promtool or docker-compose.</summary>
    public static string Tool(string program) => Tool(program, Environment.GetEnvironmentVariable);

    internal static string Address(string variable, Func<string, string?> environment) =>
        environment(variable) is { Length: > 0 } address
            ? address
            : throw Absent($"{variable} is not set", environment);

    internal static string Tool(string program, Func<string, string?> environment) =>
        ToolPath.Find(program, environment("PATH"))
        ?? throw Absent($"{program} is not on PATH", environment);

    private static InvalidOperationException Absent(string reason, Func<string, string?> environment)
    {
        if (environment("CI") is { Length: > 0 }) Assert.Fail(reason);
        Assert.Ignore(reason);
        return new InvalidOperationException(reason);
    }
}
