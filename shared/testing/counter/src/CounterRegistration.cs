using Tributary.Contracts.V1;
using Tributary.Postgres;
using Tributary.Postgres.Outbox;
using Tributary.Streaming;

namespace Tributary.Counter;

/// <summary>Counts events from Kafka into PostgreSQL, built as a service of the product is.</summary>
public static class CounterRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        public void AddCounter()
        {
            builder.AddTopics(CounterTopics.Service, CounterTopics.All);
            builder.AddPostgres(CounterTopics.Service, typeof(CounterRegistration).Assembly);
            builder.AddOutboxRelay(CounterTopics.Service);
            builder.AddReader<Event, CountEvents>(
                CounterTopics.Service, "counter.counting", CounterTopics.Counting, adjust: null);
        }
    }
}
