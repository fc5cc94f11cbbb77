// Makes the codecs of the wire protocol from Kafka's message definitions:
//   dotnet run --project shared/embedded-kafka/generator -- DEFINITIONS shared/embedded-kafka/src/Wire/Messages
using System.Globalization;
using System.Text;
using Tributary.EmbeddedKafka.Generator;

if (args is not [var definitions, var output])
{
    Console.Error.WriteLine("usage: generator DEFINITIONS OUTPUT");
    return 2;
}

// What the broker offers: the oldest and newest version of each API. The oldest are Apache Kafka 4's.
(string Api, int First, int Last)[] offered =
[
    ("Produce", 3, 11), ("Fetch", 4, 17), ("ListOffsets", 1, 10), ("Metadata", 0, 12), ("OffsetCommit", 2, 9),
    ("OffsetFetch", 1, 9), ("FindCoordinator", 0, 6), ("JoinGroup", 0, 9), ("Heartbeat", 0, 4), ("LeaveGroup", 0, 5),
    ("SyncGroup", 0, 5), ("DescribeGroups", 0, 5), ("ListGroups", 0, 5), ("ApiVersions", 0, 4), ("CreateTopics", 2, 7),
    ("DeleteTopics", 1, 6), ("DeleteRecords", 0, 2), ("InitProducerId", 0, 5), ("OffsetForLeaderEpoch", 2, 4),
    ("DescribeConfigs", 1, 4), ("AlterConfigs", 0, 2), ("DescribeLogDirs", 1, 4), ("CreatePartitions", 0, 3),
    ("DeleteGroups", 0, 2), ("IncrementalAlterConfigs", 0, 1), ("OffsetDelete", 0, 0), ("DescribeCluster", 0, 1),
    ("DescribeTopicPartitions", 0, 0),
];

var own = Path.Combine(AppContext.BaseDirectory, "definitions");
Directory.CreateDirectory(output);
foreach (var stale in Directory.EnumerateFiles(output, "*.g.cs")) File.Delete(stale);

var keys = new StringBuilder();
var table = new StringBuilder();
foreach (var (api, first, last) in offered)
{
    foreach (var kind in new[] { "Request", "Response" })
    {
        var file = $"{api}{kind}.json";
        var path = Path.Combine(definitions, file);
        var definition = Definition.Read(File.Exists(path) ? path : Path.Combine(own, file), new Versions(first, last));
        File.WriteAllText(Path.Combine(output, $"{api}{kind}.g.cs"), new Codec(definition).Write());
        if (kind == "Response") continue;

        var flexible = definition.Flexible.IsEmpty ? "short.MaxValue" : Text(definition.Flexible.First);
        keys.Append("    ").Append(api).Append(" = ").Append(Text(definition.Key)).Append(",\n");
        table.Append("        new(ApiKey.").Append(api)
            .Append(CultureInfo.InvariantCulture, $", {first}, {last}, {flexible}),\n");
    }
}

File.WriteAllText(Path.Combine(output, "OfferedApis.g.cs"), $$"""
    // Made by shared/embedded-kafka/generator from Kafka's message definitions.
    namespace Tributary.EmbeddedKafka.Wire;

    internal enum ApiKey : short
    {
    {{keys}}}

    /// <summary>An API, its versions that are offered, the first with compact lengths and tagged fields.</summary>
    internal readonly record struct Api(ApiKey Key, short First, short Last, short Flexible);

    internal static class OfferedApis
    {
        public static readonly Api[] All =
        [
    {{table}}    ];
    }

    """);
return 0;

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
