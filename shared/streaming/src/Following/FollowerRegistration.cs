using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tributary.Contracts;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Following;

/// <summary>How a service gets a topic's latest states into memory.</summary>
public static class FollowerRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Has <typeparamref name="TFollower"/>, a singleton, learn the whole topic and go on with it. Its status is
        /// keyed by <paramref name="line"/>, the name of its health line.
        /// </summary>
        public void AddFollower<TState, TFollower>(string line, Topic<TState> topic)
            where TState : IMessage<TState>
            where TFollower : class, IFollower<TState>
        {
            builder.AddStreaming();
            var services = builder.Services;
            services.TryAddSingleton<TFollower>();
            services.AddKeyedSingleton<FollowerStatus>(line);
            services.AddSingleton<IHostedService>(provider => new TopicFollower<TState>(
                topic,
                provider.GetRequiredService<TFollower>(),
                provider.GetRequiredKeyedService<FollowerStatus>(line),
                new(provider.GetRequiredService<KafkaClients>(),
                    provider.GetRequiredService<TopicFacts>(),
                    provider.GetRequiredService<TimeProvider>()),
                provider.GetRequiredService<ILogger<TopicFollower<TState>>>()));
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                line,
                provider => provider.GetRequiredKeyedService<FollowerStatus>(line),
                failureStatus: null,
                ["ready"]));
        }
    }
}
