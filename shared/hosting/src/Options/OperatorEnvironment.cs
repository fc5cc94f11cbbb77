using System.Collections.Frozen;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Tributary.Hosting.Options;

/// <summary>
/// The environment names that operators know, as configuration keys. They win over files and lose to the key's own
/// spelling (<c>Database__Url</c>) and to the command line. An empty value counts as absent.
/// </summary>
internal static class OperatorEnvironment
{
    private static readonly FrozenDictionary<string, string> KeyByName = new Dictionary<string, string>
    {
        ["DATABASE_URL"] = "Database:Url",
        ["REDIS_URL"] = "Redis:Url",
        ["CLICKHOUSE_URL"] = "ClickHouse:Url",
        ["KAFKA_BROKERS"] = "Kafka:Brokers",
        ["KAFKA_TOPIC_PREFIX"] = "Kafka:TopicPrefix",
        ["ALLOWED_ORIGINS"] = "Cors:AllowedOrigins",
        ["ENCRYPTION_KEY"] = "Encryption:Key",
        ["SERVICE_KEY"] = "Services:Key",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "Otlp:Endpoint",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "Otlp:Protocol",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "Otlp:Headers",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> NameByKey =
        KeyByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    public static void Translate(IConfigurationManager configuration)
    {
        var translated = KeyByName
            .Select(pair => KeyValuePair.Create(pair.Value, configuration[pair.Key]))
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .ToArray();
        var sources = configuration.Sources;
        var environment = sources.LastOrDefault(IsUnprefixedEnvironment);
        sources.Insert(
            environment is null ? sources.Count : sources.IndexOf(environment),
            new MemoryConfigurationSource { InitialData = translated });
    }

    /// <summary>How an operator sets a key: by the name known to operators, else by the key's own.</summary>
    public static string NameOf(string key) =>
        NameByKey.TryGetValue(key, out var name) ? name : key.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsUnprefixedEnvironment(IConfigurationSource source) =>
        source is EnvironmentVariablesConfigurationSource { Prefix: null or "" };
}
