using Confluent.Kafka;
using Dapper;
using Google.Protobuf;
using Npgsql;
using Tributary.Contracts.V1;
using Tributary.Counter;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Crash;

/// <summary>What a counter is surrounded by: its servers, what is sent to it, and where that must come out.</summary>
public sealed class CountingParts(string bootstrap, string database, TemporaryFolder folder)
{
    /// <summary>Keeps topics, groups and roles apart where several of these share servers.</summary>
    public string Prefix { get; init; } = "";

    private const int Organisations = 5;

    private const string Handled = """
        select message_id as Id, place as Place, handled_at as At
        from counter.handled
        order by line
        """;

    private const string Tally = """
        select person as Person, sum(events)::int as Events
        from counter.tally
        group by person
        """;

    /// <summary>One of the processes that share the work.</summary>
    /// <param name="more">Added to its environment.</param>
    public PartCommand Counter(string name, IReadOnlyDictionary<string, string> more)
    {
        var operations = FreePort.Next();
        var environment = new Dictionary<string, string>(more)
        {
            ["DATABASE_URL"] = database,
            ["Database__RolePrefix"] = $"tributary{Prefix}",
            ["KAFKA_BROKERS"] = bootstrap,
            ["KAFKA_TOPIC_PREFIX"] = Prefix,
            ["Listen__Http"] = "127.0.0.1:0",
            ["Listen__Grpc"] = "127.0.0.1:0",
            ["Listen__Operations"] = $"127.0.0.1:{operations}",
            // Shorter than in production, so that a frozen one is replaced while the round goes on.
            ["Kafka__SessionTimeout"] = "00:00:06",
            ["Kafka__Reader__RetryPauseMax"] = "00:00:02",
            ["Database__TransactionIdleMax"] = "00:00:05",
            ["Outbox__LeaseMax"] = "00:00:03",
        };
        return DotNetProgram.Command(
            name, typeof(CounterTopics).Assembly, folder, environment,
            Probe.Answers(new Uri($"http://127.0.0.1:{operations}/health/ready")));
    }

    public KafkaLoad Load => new()
    {
        Bootstrap = bootstrap,
        Topic = Prefix + CounterTopics.Counting.Name,
        Record = RecordOf,
    };

    /// <summary>In the order of an id's way: its row, the sum it is part of, the message about it.</summary>
    public IReadOnlyList<Outlet> Outlets =>
    [
        new("rows", ReadRowsAsync),
        new("sums", ReadSumsAsync),
        new KafkaOutlet(bootstrap, Prefix + CounterTopics.Counted.Name, IdsOf, SourceOf).Named("topic"),
    ];

    private async Task<IReadOnlyList<Sighting>> ReadRowsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        var rows = await connection.QueryAsync<HandledRow>(
            new CommandDefinition(Handled, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Sighting(row.Id, $"from {row.Place}", row.At))];
    }

    // A sum of three stands for the first three ids of its person: one too few or too many shows as the last of them.
    private async Task<IReadOnlyList<Sighting>> ReadSumsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        var sums = await connection.QueryAsync<TallyRow>(
            new CommandDefinition(Tally, cancellationToken: cancellationToken));
        return
        [
            .. from sum in sums
               from sequence in Enumerable.Range(0, sum.Events)
               select new Sighting(KafkaLoad.IdOf(sum.Person, sequence), $"a sum of {sum.Events}"),
        ];
    }

    private static Message<string, byte[]> RecordOf(string id, string key)
    {
        var sent = new Event
        {
            Organisation = OrganisationOf(key),
            MessageId = id,
            AnonymousId = key,
        };
        return new() { Key = CounterTopics.Counting.Key(sent), Value = sent.ToByteArray() };
    }

    private static ByteString OrganisationOf(string key)
    {
        var bytes = new byte[16];
        bytes[15] = (byte)(key.Sum(letter => letter) % Organisations);
        return ByteString.CopyFrom(bytes);
    }

    private static IEnumerable<string> IdsOf(Message<string, byte[]> message) =>
        CounterTopics.IdsOf(Event.Parser.ParseFrom(message.Value));

    private static RecordSource? SourceOf(Headers headers) =>
        SourcePosition.Of([.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))])
            is { } source
            ? new(source.Source, source.Position)
            : null;

    private sealed record HandledRow(string Id, string Place, DateTime At);

    private sealed record TallyRow(string Person, int Events);
}
