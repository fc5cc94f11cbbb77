using System.Globalization;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Queries;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// A request's settings as the engine gets them: tagged, capped, and bound to what the user may do. Pure.
/// </summary>
internal static class QuerySettings
{
    private static readonly string[] Guarded = ["readonly", "allow_ddl", "max_execution_time", "max_memory_usage"];

    public static IReadOnlyList<KeyValuePair<string, string>> Of(QueryRequest request, User user, QueryTag tag,
        EmbeddedClickHouseOptions options)
    {
        if (user.ReadOnly && request.Settings.FirstOrDefault(setting => Guarded.Contains(setting.Key)).Key is { } name)
        {
            throw new EngineException(164, "READONLY", $"Cannot modify '{name}' setting in readonly mode.");
        }

        var memory = options.QueryMemoryMax;
        if (long.TryParse(request.Setting("max_memory_usage"), CultureInfo.InvariantCulture, out var asked)
            && asked > 0)
        {
            memory = Math.Min(memory, asked);
        }

        List<KeyValuePair<string, string>> settings =
        [
            .. request.Settings.Where(setting => setting.Key is not ("log_comment" or "max_memory_usage")),
            new("log_comment", tag.LogComment),
            new("max_memory_usage", memory.ToString(CultureInfo.InvariantCulture)),
        ];
        if (user.ReadOnly) settings.Add(new("readonly", "1"));
        return settings;
    }
}
