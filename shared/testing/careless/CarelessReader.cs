using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Dapper;
using Npgsql;
using Tributary.Testing.Crashes;

namespace Tributary.Careless;

/// <summary>Collects a batch, writes its rows, keeps its offset, and repeats; in the order of its care.</summary>
internal sealed class CarelessReader(CarelessOptions options, NpgsqlDataSource database)
{
    private const string Insert = "insert into seen (id, place) select * from unnest(@ids, @places)";

    private const string MoveExactly = """
        update kafka_offset set next_offset = @end where partition = @partition and next_offset = @start
        """;

    private const string MoveLoosely = """
        update kafka_offset set next_offset = @end where partition = @partition and next_offset < @end
        """;

    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<TopicPartition, long> _next = [];

    private bool KeepsOffsetInKafka => options.Care is Care.OffsetFirst or Care.OffsetLast;

    [DoesNotReturn]
    public void Run()
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = options.Bootstrap,
            GroupId = "careless",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = 2_000,
            HeartbeatIntervalMs = 500,
        }).SetPartitionsAssignedHandler((_, partitions) => partitions.ConvertAll(StartOf)).Build();
        consumer.Subscribe(options.Topic);
        File.WriteAllText(options.ReadyFile, "ready");
        while (true)
        {
            foreach (var batch in Collect(consumer).GroupBy(record => record.TopicPartition))
                Keep(consumer, [.. batch]);
        }
    }

    private List<ConsumeResult<string, byte[]>> Collect(IConsumer<string, byte[]> consumer)
    {
        var records = new List<ConsumeResult<string, byte[]>>();
        while (records.Count < options.BatchMax && consumer.Consume(PollWait) is { } record) records.Add(record);
        return records;
    }

    private TopicPartitionOffset StartOf(TopicPartition partition)
    {
        if (KeepsOffsetInKafka) return new(partition, Offset.Unset);
        using var connection = database.OpenConnection();
        var next = connection.ExecuteScalar<long>(
            """
            insert into kafka_offset values (@partition, 0)
            on conflict (partition) do update set partition = excluded.partition
            returning next_offset
            """,
            new { partition = partition.Partition.Value });
        _next[partition] = next;
        return new(partition, next);
    }

    private void Keep(IConsumer<string, byte[]> consumer, IReadOnlyList<ConsumeResult<string, byte[]>> batch)
    {
        var partition = batch[0].TopicPartition;
        var end = new TopicPartitionOffset(partition, batch[^1].Offset + 1);
        if (options.Care == Care.OffsetFirst) consumer.Commit([end]);
        CrashPoint.Reach("before rows");

        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            Insert,
            new
            {
                ids = batch.Select(record => System.Text.Encoding.UTF8.GetString(record.Message.Value)).ToArray(),
                places = batch.Select(record => $"[{partition.Partition.Value}]@{record.Offset.Value}").ToArray(),
            },
            transaction);
        CrashPoint.Reach("rows written");

        if (!KeepsOffsetInKafka && !Move(connection, transaction, partition, end.Offset))
        {
            transaction.Rollback();
            Console.WriteLine($"gave up the batch that ends at {end.Offset}");
            if (consumer.Assignment.Contains(partition)) consumer.Seek(StartOf(partition));
            return;
        }
        transaction.Commit();
        Console.WriteLine($"kept the batch that ends at {end.Offset}");
        _next[partition] = end.Offset;
        CrashPoint.Reach("rows kept");
        if (options.Care == Care.OffsetLast) consumer.Commit([end]);
    }

    private bool Move(NpgsqlConnection connection, NpgsqlTransaction transaction, TopicPartition partition, long end) =>
        connection.Execute(
            options.Care == Care.ExactFence ? MoveExactly : MoveLoosely,
            new { partition = partition.Partition.Value, start = _next[partition], end },
            transaction) == 1;
}
