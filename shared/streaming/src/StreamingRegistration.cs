using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tributary.Contracts;
using Tributary.Streaming.Clients;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Topics;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming;

/// <summary>How a service gets topics, producers and readers.</summary>
public static class StreamingRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Producers and what readers need. Called by the others; calling it again changes nothing.</summary>
        public void AddStreaming()
        {
            if (builder.Services.Any(service => service.ServiceType == typeof(KafkaClients))) return;
            builder.Services.AddOptions<KafkaOptions>()
                .BindConfiguration(KafkaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
            builder.Services.AddOptions<ReaderOptions>()
                .BindConfiguration(ReaderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddMetrics();
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                "kafka",
                provider => new KafkaHealth(
                    provider.GetRequiredService<TopicFacts>(),
                    provider.GetRequiredService<IOptions<KafkaOptions>>().Value),
                failureStatus: null,
                tags: ["ready"]));
            builder.Services.AddSingleton<KafkaClients>();
            builder.Services.AddSingleton<TopicFacts>();
            builder.Services.AddSingleton<StreamingMetrics>();
            builder.Services.AddSingleton(provider => new PartitionScans(
                provider.GetRequiredService<KafkaClients>(), provider.GetRequiredService<TopicFacts>()));
            builder.Services.AddSingleton<ISendRecords, DeadLetterSender>();
            builder.Services.AddSingleton(provider => new Producers(
                provider.GetRequiredService<KafkaClients>(),
                provider.GetRequiredService<StreamingMetrics>(),
                provider.GetRequiredService<TimeProvider>()));
        }

        /// <summary>
        /// Creates at start what a service owns of the declared topics, with its <c>dead.</c> and <c>retry.</c>;
        /// refuses to start where one is not as declared. Register it before readers.
        /// </summary>
        public void AddTopics(string service, IReadOnlyCollection<Topic> declared)
        {
            builder.AddStreaming();
            builder.Services.AddSingleton<IHostedService>(provider =>
            {
                var options = provider.GetRequiredService<IOptions<KafkaOptions>>().Value;
                return new TopicCreation(
                    TopicPlan.Of(service, declared, options),
                    provider.GetRequiredService<TopicFacts>(),
                    options,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<TopicCreation>>());
            });
        }

        /// <summary>
        /// Reads a topic, and what of it is retried, with this handler. The offsets are where the service's
        /// <see cref="IOffsetStore"/> keeps them (registered under the service's name as key, or without one).
        /// </summary>
        /// <param name="consumer">Names the group and the stored offsets; one consumer reads one topic.</param>
        /// <param name="adjust">Where this reader's bounds differ from section <c>Kafka:Reader</c>.</param>
        public void AddReader<TEvent, THandler>(
            string service, string consumer, Topic<TEvent> topic, Func<ReaderOptions, ReaderOptions>? adjust)
            where TEvent : IMessage<TEvent>
            where THandler : class, IBatchHandler<TEvent> =>
            builder.AddReader<TEvent, THandler>(
                new ReaderPlan<TEvent>(service, consumer, topic, value => topic.Parser.ParseFrom(value))
                {
                    Adjust = adjust,
                });

        /// <summary>As above, for what is not read as a topic's messages, or not as an ordinary reader does.</summary>
        public void AddReader<TEvent, THandler>(ReaderPlan<TEvent> plan)
            where THandler : class, IBatchHandler<TEvent>
        {
            builder.AddStreaming();
            var (service, consumer, topic, decode) = plan;
            var adjust = plan.Adjust;
            RefuseSecond(builder.Services, consumer);
            var retries = DeadLetter.RetryTopicOf(service);
            var of = new ReaderIdentity(service, consumer, topic.Name, topic.Name)
            {
                GapsAreUsual = topic.Kept is Retention.LatestPerKey,
                StartsAnewAfterFailure = plan.StartsAnewAfterFailure,
            };
            var ofRetries = of with { Topic = retries, GapsAreUsual = false };

            builder.Services.TryAddKeyedSingleton<IBatchHandler<TEvent>, THandler>(consumer);
            builder.AddReader(of, consumer, adjust, _ => new LogPlanner<TEvent>(decode));
            if (!plan.TakesRetries) return;
            builder.AddReader(ofRetries, $"{consumer}.retry", adjust, provider => new RetryPlanner<TEvent>(
                consumer, topic.Name, OffsetsOf(provider, of), decode));
        }

        private void AddReader<TEvent>(
            ReaderIdentity identity,
            string group,
            Func<ReaderOptions, ReaderOptions>? adjust,
            Func<IServiceProvider, IBatchPlanner<TEvent>> planner)
        {
            builder.Services.AddKeyedSingleton(group, (provider, _) =>
            {
                var log = new KafkaLog(
                    provider.GetRequiredService<KafkaClients>(), provider.GetRequiredService<TopicFacts>(),
                    group, identity.Topic);
                var options = provider.GetRequiredService<IOptions<ReaderOptions>>().Value;
                return new TopicReader(
                    identity,
                    log,
                    new PartitionOpener(identity, log, OffsetsOf(provider, identity)),
                    new HandOver<TEvent>(
                        identity, log, planner(provider),
                        provider.GetRequiredKeyedService<IBatchHandler<TEvent>>(identity.Consumer),
                        provider.GetRequiredService<ISendRecords>()),
                    new ReaderSurroundings(
                        adjust?.Invoke(options) ?? options, provider.GetRequiredService<TimeProvider>(), new Random(),
                        provider.GetRequiredService<StreamingMetrics>(),
                        provider.GetRequiredService<ILogger<TopicReader>>()));
            });
            builder.Services.AddSingleton<IHostedService>(
                provider => provider.GetRequiredKeyedService<TopicReader>(group));
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"reader-{group}",
                provider => new ReaderHealth(() => provider.GetRequiredKeyedService<TopicReader>(group).Status),
                failureStatus: null,
                tags: ["ready"]));
        }
    }

    private static IOffsetStore OffsetsOf(IServiceProvider provider, ReaderIdentity of) =>
        provider.GetKeyedService<IOffsetStore>(of.Consumer)
        ?? provider.GetKeyedService<IOffsetStore>(of.Service)
        ?? provider.GetRequiredService<IOffsetStore>();

    private static void RefuseSecond(IServiceCollection services, string consumer)
    {
        if (services.Any(service => service.ServiceType == typeof(TopicReader) && consumer.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"consumer {consumer} reads already; another reader needs a name");
    }
}
