namespace Tributary.Careless;

/// <summary>How this consumer keeps its offset.</summary>
public enum Care
{
    /// <summary>As it should: in the rows' transaction, and only from where the batch began. The control.</summary>
    ExactFence,

    /// <summary>In the rows' transaction, but from anywhere below the batch's end.</summary>
    LooseFence,

    /// <summary>In Kafka, before the rows are written.</summary>
    OffsetFirst,

    /// <summary>In Kafka, after the rows are written.</summary>
    OffsetLast,
}

/// <summary>What the test that starts the program tells it, by its environment.</summary>
public sealed record CarelessOptions(
    Care Care, string Bootstrap, string Topic, string Database, int BatchMax, string ReadyFile)
{
    public const string Schema = """
        create table seen (
            line bigint generated always as identity,
            id text not null,
            place text not null,
            seen_at timestamptz not null default now());
        create table kafka_offset (partition int primary key, next_offset bigint not null);
        """;

    public IReadOnlyDictionary<string, string> ToEnvironment() => new Dictionary<string, string>
    {
        ["CARELESS_CARE"] = $"{Care}",
        ["CARELESS_KAFKA"] = Bootstrap,
        ["CARELESS_TOPIC"] = Topic,
        ["CARELESS_DATABASE"] = Database,
        ["CARELESS_BATCH_MAX"] = $"{BatchMax}",
        ["CARELESS_READY"] = ReadyFile,
    };

    public static CarelessOptions FromEnvironment(Func<string, string?> environment) => new(
        Enum.Parse<Care>(environment("CARELESS_CARE")!),
        environment("CARELESS_KAFKA")!,
        environment("CARELESS_TOPIC")!,
        environment("CARELESS_DATABASE")!,
        int.Parse(environment("CARELESS_BATCH_MAX")!, System.Globalization.CultureInfo.InvariantCulture),
        environment("CARELESS_READY")!);
}
