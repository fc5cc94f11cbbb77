using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Tributary.Postgres;
using Tributary.Streaming;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Writing;

namespace Tributary.Operations;

/// <summary>Kafka and the database as the operators' environment names them; connected to when first used.</summary>
internal sealed class Servers(Func<string, string?> environment) : IAsyncDisposable
{
    private readonly Lazy<IHost> _kafka = new(() => Kafka(environment));
    private readonly Lazy<NpgsqlDataSource> _database = new(() => Database(environment));

    public NpgsqlDataSource Offsets => _database.Value;

    public KafkaClients Clients => _kafka.Value.Services.GetRequiredService<KafkaClients>();

    public TopicFacts Facts => _kafka.Value.Services.GetRequiredService<TopicFacts>();

    public RecordProducer Producer => _kafka.Value.Services.GetRequiredService<Producers>().Shared;

    public string NameOf(string topic) => Clients.Options.NameOf(topic);

    public async ValueTask DisposeAsync()
    {
        if (_kafka.IsValueCreated) _kafka.Value.Dispose();
        if (_database.IsValueCreated) await _database.Value.DisposeAsync();
    }

    private static IHost Kafka(Func<string, string?> environment)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["Kafka:Brokers"] = Required(environment, "KAFKA_BROKERS");
        builder.Configuration["Kafka:TopicPrefix"] = environment("KAFKA_TOPIC_PREFIX") ?? "";
        builder.AddStreaming();
        return builder.Build();
    }

    private static NpgsqlDataSource Database(Func<string, string?> environment)
    {
        var address = DatabaseAddress.Parse(Required(environment, "DATABASE_URL"));
        address.MaxPoolSize = 2;
        address.ApplicationName = "tributary-operations";
        return NpgsqlDataSource.Create(address);
    }

    private static string Required(Func<string, string?> environment, string name) =>
        environment(name) is { Length: > 0 } value ? value : throw new OperationRefusedException($"{name} is not set");
}
