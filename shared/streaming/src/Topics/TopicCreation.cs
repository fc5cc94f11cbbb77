using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Topics;

/// <summary>
/// At start, before what is registered after it: creates the topics that a service owns and that are missing, and
/// refuses to start when one is not as declared. It never changes a topic.
/// </summary>
internal sealed partial class TopicCreation(
    IReadOnlyList<TopicPlan> plans, TopicFacts facts, KafkaOptions options, TimeProvider time,
    ILogger<TopicCreation> logger) : IHostedService
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                await CreateMissingAsync(cancellationToken);
                await RefuseDifferencesAsync(cancellationToken);
                return;
            }
            catch (KafkaException exception)
            {
                if (time.GetElapsedTime(startedAt) >= options.StartWaitMax)
                    throw new TimeoutException(
                        $"Kafka at {options.Brokers} did not let topics be created within {options.StartWaitMax}: "
                        + exception.Error.Reason, exception);
                KafkaNotReady(options.Brokers, exception.Error.Reason);
            }
            await Task.Delay(PauseBetweenTries, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateMissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await facts.Admin.CreateTopicsAsync(plans.Select(SpecificationOf), new() { RequestTimeout = AnswerMax })
                .WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException exception)
        {
            var failed = exception.Results.Where(result =>
                result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists).ToArray();
            if (failed.Length == 0) return;
            throw new KafkaException(new Error(failed[0].Error.Code, $"{failed[0].Topic}: {failed[0].Error.Reason}"));
        }
    }

    private async Task RefuseDifferencesAsync(CancellationToken cancellationToken)
    {
        var described = await facts.Admin
            .DescribeTopicsAsync(
                TopicCollection.OfTopicNames(plans.Select(plan => plan.Name)), new() { RequestTimeout = AnswerMax })
            .WaitAsync(cancellationToken);
        var configured = await facts.Admin
            .DescribeConfigsAsync(
                plans.Select(plan => new ConfigResource { Type = ResourceType.Topic, Name = plan.Name }),
                new() { RequestTimeout = AnswerMax })
            .WaitAsync(cancellationToken);
        var partitions = described.TopicDescriptions.ToDictionary(topic => topic.Name, topic => topic.Partitions.Count);
        var settings = configured.ToDictionary(
            topic => topic.ConfigResource.Name,
            topic => topic.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value));

        foreach (var plan in plans)
        {
            if (plan.Difference(partitions[plan.Name], settings[plan.Name]) is { } sentence)
                throw new TopicDiffersException(sentence);
        }
        TopicsAreThere(plans.Select(plan => plan.Name));
    }

    private TopicSpecification SpecificationOf(TopicPlan plan) => new()
    {
        Name = plan.Name,
        NumPartitions = plan.Partitions,
        ReplicationFactor = options.ReplicationFactor,
        Configs = plan.Settings.ToDictionary(),
    };

    [LoggerMessage(LogLevel.Information, "Topics are as declared: {Topics}")]
    private partial void TopicsAreThere(IEnumerable<string> topics);

    [LoggerMessage(LogLevel.Warning, "Kafka at {Brokers} is not ready for topics: {Reason}")]
    private partial void KafkaNotReady(string brokers, string reason);
}
