using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Tributary.EmbeddedKafka.Server;

/// <summary>The command line as options of the broker.</summary>
internal static class Arguments
{
    public const string Usage = """
        usage: Tributary.EmbeddedKafka.Server --data FOLDER [--listen 127.0.0.1:9092]
                 [--fsync always|interval|os] [--fsync-interval-ms 1000]
                 [--auto-create true|false] [--partitions 1] [--partitions-max 4000]
                 [--connections-max 1000] [--request-bytes-max 67108864] [--in-flight-bytes-max 67108864]
                 [--group-start-delay-ms 100] [--session-timeout-min-ms 6000] [--upkeep-interval-ms 30000]
        """;

    public static bool TryRead(
        string[] arguments, [NotNullWhen(true)] out BrokerOptions? options, [NotNullWhen(false)] out string? wrong)
    {
        options = null;
        try
        {
            options = Read(Pairs(arguments));
            wrong = null;
            return true;
        }
        catch (Exception refused) when (refused is FormatException or ArgumentException or OverflowException)
        {
            wrong = refused.Message;
            return false;
        }
    }

    private static BrokerOptions Read(Dictionary<string, string> given)
    {
        var defaults = new BrokerOptions { DataFolder = "" };
        var options = new BrokerOptions
        {
            DataFolder = Take("data") ?? throw new ArgumentException("--data names the folder of the broker's data"),
            Listen = Take("listen") is { } listen ? IPEndPoint.Parse(listen) : defaults.Listen,
            Fsync = Take("fsync") is { } fsync ? Enum.Parse<Fsync>(fsync, ignoreCase: true) : defaults.Fsync,
            FsyncInterval = Milliseconds("fsync-interval-ms", defaults.FsyncInterval),
            AutoCreateTopics = Take("auto-create") is { } create ? bool.Parse(create) : defaults.AutoCreateTopics,
            PartitionsByDefault = Number("partitions", defaults.PartitionsByDefault),
            PartitionsMax = Number("partitions-max", defaults.PartitionsMax),
            ConnectionsMax = Number("connections-max", defaults.ConnectionsMax),
            RequestBytesMax = Number("request-bytes-max", defaults.RequestBytesMax),
            InFlightBytesMax = Number("in-flight-bytes-max", defaults.InFlightBytesMax),
            GroupStartDelay = Milliseconds("group-start-delay-ms", defaults.GroupStartDelay),
            SessionTimeoutMin = Milliseconds("session-timeout-min-ms", defaults.SessionTimeoutMin),
            UpkeepInterval = Milliseconds("upkeep-interval-ms", defaults.UpkeepInterval),
        };
        return given.Count == 0 ? options : throw new ArgumentException($"--{given.Keys.First()} is unknown");

        string? Take(string name) => given.Remove(name, out var value) ? value : null;

        int Number(string name, int otherwise) =>
            Take(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

        TimeSpan Milliseconds(string name, TimeSpan otherwise) =>
            Take(name) is { } value ? TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture))
                : otherwise;
    }

    private static Dictionary<string, string> Pairs(string[] arguments)
    {
        var pairs = new Dictionary<string, string>();
        for (var index = 0; index < arguments.Length; index += 2)
        {
            if (!arguments[index].StartsWith("--", StringComparison.Ordinal) || index + 1 == arguments.Length)
                throw new ArgumentException($"{arguments[index]} is no option with a value");
            pairs[arguments[index][2..]] = arguments[index + 1];
        }

        return pairs;
    }
}
