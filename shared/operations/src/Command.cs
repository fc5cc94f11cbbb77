using System.Net.Sockets;
using Confluent.Kafka;
using Npgsql;
using Tributary.Operations.DeadLetters;
using Tributary.Operations.Offsets;
using Tributary.Postgres;
using Tributary.Streaming.Writing;

namespace Tributary.Operations;

/// <summary>Reads a command line, runs it, and answers every failure in one sentence.</summary>
internal static class Command
{
    private const string Usage = """
        offsets show [SERVICE] [--json]
            where each reader goes on, what its log holds, and what stops it
        offsets accept SERVICE TOPIC [PARTITION] --at earliest|latest|OFFSET [--consumer NAME] [--yes]
            go on there; says what is left out or repeated, and changes nothing without --yes
        dead list SERVICE [--reason R] [--consumer NAME] [--after OFFSET] [--limit N] [--json]
            what a service could not process
        dead show SERVICE OFFSET [--json]
            one of them, whole
        dead replay SERVICE (--all | --offset OFFSET | --reason R) [--consumer NAME]
            have them tried again; each is applied once, however often it is replayed
        """;

    public static async Task<int> RunAsync(
        string[] args, Func<string, string?> environment, TextWriter output, TextWriter errors,
        CancellationToken cancellationToken)
    {
        try
        {
            var line = CommandLine.Parse(args);
            if (line.Words is [] or ["offsets" or "dead"] or [.., "help"] || line.Has("help"))
            {
                await output.WriteLineAsync(Usage);
                return 0;
            }
            await using var servers = new Servers(environment);
            return await RunAsync(line, servers, output, cancellationToken);
        }
        catch (UsageException exception)
        {
            await errors.WriteLineAsync($"{exception.Message}\n{Usage}");
            return 2;
        }
        catch (Exception exception) when (SentenceOf(exception) is { } sentence)
        {
            await errors.WriteLineAsync(sentence);
            return 1;
        }
    }

    private static async Task<int> RunAsync(
        CommandLine line, Servers servers, TextWriter output, CancellationToken cancellationToken)
    {
        switch (line.Words)
        {
            case ["offsets", "show", .. var rest] when rest.Length <= 1:
                return await new ShowOffsets(servers, output).RunAsync(
                    rest.FirstOrDefault(), line.Takes("json").Has("json"), cancellationToken);
            case ["offsets", "accept", var service, var topic, .. var rest] when rest.Length <= 1:
                line.Takes("at", "consumer", "yes");
                return await new AcceptOffsets(servers, output).RunAsync(
                    new(service, topic, rest.Select(CommandLine.PartitionOf).Cast<int?>().FirstOrDefault(),
                        AcceptAt.Parse(line.Value("at") ?? throw new UsageException("accept needs --at")),
                        line.Value("consumer"), line.Has("yes")),
                    cancellationToken);
            case ["dead", "list", var service]:
                line.Takes("reason", "consumer", "after", "limit", "json");
                return await new ListDeadLetters(servers, output).RunAsync(
                    service, DeadLetterFilter.Of(line), line.Number("after", from: 0) ?? -1,
                    (int)(line.Number("limit", from: 1, to: 1_000) ?? 50), line.Has("json"), cancellationToken);
            case ["dead", "show", var service, var offset]:
                return await new ListDeadLetters(servers, output).ShowAsync(
                    service, CommandLine.OffsetOf(offset), line.Takes("json").Has("json"), cancellationToken);
            case ["dead", "replay", var service]:
                line.Takes("all", "offset", "reason", "consumer");
                return await new ReplayDeadLetters(servers, output).RunAsync(
                    service, DeadLetterFilter.OfReplay(line), cancellationToken);
            default:
                throw new UsageException($"'{string.Join(' ', line.Words)}' is no command");
        }
    }

    /// <summary>What an operator can act on; anything else is a bug and shows where it happened.</summary>
    private static string? SentenceOf(Exception exception) => exception switch
    {
        OperationRefusedException or InvalidDatabaseUrlException or NotDeliveredException => exception.Message,
        KafkaException kafka => $"Kafka did not answer as hoped: {kafka.Error.Reason}",
        NpgsqlException { InnerException: SocketException or TimeoutException } =>
            "the database can't be reached at DATABASE_URL",
        NpgsqlException database => $"the database refused: {database.Message}",
        OperationCanceledException => "stopped; what was done stays done",
        _ => null,
    };
}

/// <summary>The command line can't be understood.</summary>
internal sealed class UsageException(string sentence) : Exception(sentence);

/// <summary>The command can't be done; nothing was changed.</summary>
internal sealed class OperationRefusedException(string sentence) : Exception(sentence);
