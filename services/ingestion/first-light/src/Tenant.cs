using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts;
using Tributary.Contracts.V1;

namespace Tributary.FirstLight;

/// <summary>
/// An organisation with one source and one key, made known as the accounts service makes them known: by its topic.
/// </summary>
internal sealed record Tenant
{
    private static readonly string[] Permissions = ["events:read", "events:write", "sources:read"];

    public Guid Organisation { get; } = Guid.NewGuid();

    public Guid Source { get; } = Guid.NewGuid();

    public Guid App { get; } = Guid.NewGuid();

    /// <summary>Of the source, as a sender's set-up has it.</summary>
    public string WriteKey { get; } = $"wk_{Guid.NewGuid():n}";

    /// <summary>Of a program that asks about events.</summary>
    public string ApiKey { get; } = $"ak_{Guid.NewGuid():n}";

    /// <summary>What a sender puts into its <c>Authorization</c>.</summary>
    public string Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WriteKey}:"));

    /// <summary>Returns when the broker has kept it. The topic is made where it is missing.</summary>
    public async Task PublishAsync(string bootstrap, long version, CancellationToken cancellationToken)
    {
        await CreateTopicAsync(bootstrap);
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = bootstrap, Acks = Acks.All }).Build();
        await producer.ProduceAsync(
            Topics.Accounts.Name,
            new() { Key = Topics.Accounts.Key(StateOf(version)), Value = StateOf(version).ToByteArray() },
            cancellationToken);
    }

    private static async Task CreateTopicAsync(string bootstrap)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        try
        {
            await admin.CreateTopicsAsync(
            [
                new TopicSpecification
                {
                    Name = Topics.Accounts.Name,
                    NumPartitions = Topics.Accounts.Partitions,
                    ReplicationFactor = 1,
                    Configs = new()
                    {
                        ["cleanup.policy"] = "compact",
                        ["max.message.bytes"] = FormattableString.Invariant($"{Topics.Accounts.MessageBytesMax}"),
                    },
                },
            ]);
        }
        catch (CreateTopicsException exists)
            when (exists.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another run, or the accounts service itself, was here first.
        }
    }

    private AccountState StateOf(long version)
    {
        var source = new SourceState
        {
            Source = Bytes(Source),
            App = Bytes(App),
            Name = "first light",
            Kind = "web",
            Enabled = true,
            WriteKeyHashes = { Hash(WriteKey) },
        };
        var key = new ApiKeyState { Key = Bytes(Guid.NewGuid()), Hash = Hash(ApiKey), Permissions = { Permissions } };
        return new()
        {
            Organisation = Bytes(Organisation),
            Version = version,
            Sources = { source },
            ApiKeys = { key },
            Limits = new(),
            ChangedAt = TimeProvider.System.GetUtcNow().ToTimestamp(),
        };
    }

    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    private static ByteString Hash(string key) => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
