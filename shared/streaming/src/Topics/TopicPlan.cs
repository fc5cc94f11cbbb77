using System.Globalization;
using Tributary.Contracts;
using Tributary.Streaming.DeadLetters;

namespace Tributary.Streaming.Topics;

/// <summary>What a topic must be in Kafka: its settings by Kafka's own keys.</summary>
/// <param name="Name">As Kafka knows it, prefix included.</param>
internal sealed record TopicPlan(string Name, int Partitions, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>A topic's limit is also a batch's; below this, batches of small records would be refused.</summary>
    public const int MessageBytesFloor = 512 << 10;

    /// <summary>What a dead letter may be longer than the record it is about.</summary>
    private const int DeadLetterHeadersMax = 64 << 10;

    private static readonly TimeSpan DeadLettersKept = TimeSpan.FromDays(30);

    /// <summary>The topics that a service creates: those it owns, its dead letters and its retries.</summary>
    public static IReadOnlyList<TopicPlan> Of(string service, IReadOnlyCollection<Topic> declared, KafkaOptions options)
    {
        var owned = declared.Where(topic => topic.Owner == service).Select(topic => Of(topic, options)).ToArray();
        var messageBytesMax = declared.Select(topic => topic.MessageBytesMax).DefaultIfEmpty(1 << 20).Max();
        var carriers = new[] { DeadLetter.TopicOf(service), DeadLetter.RetryTopicOf(service) }.Select(
            name => new TopicPlan(
                options.NameOf(name), Partitions: 1,
                SettingsOf(new Retention.DeletedAfter(DeadLettersKept), messageBytesMax + DeadLetterHeadersMax)));
        // Those of the product's services are declared with the others, and are as declared.
        return [.. owned, .. carriers.ExceptBy(owned.Select(plan => plan.Name), plan => plan.Name)];
    }

    /// <summary>One sentence for the first thing that differs; null when all is as it must be.</summary>
    public string? Difference(int partitions, IReadOnlyDictionary<string, string> settings)
    {
        if (partitions != Partitions) return Differs("partitions", $"{Partitions}", $"{partitions}");
        foreach (var (key, wanted) in Settings)
        {
            var found = settings.GetValueOrDefault(key, "nothing");
            if (found != wanted) return Differs(key, wanted, found);
        }
        return null;
    }

    private string Differs(string key, string wanted, string found) =>
        $"topic {Name}: {key} must be {wanted} and is {found}; change it there, or declare a new version of the topic";

    private static TopicPlan Of(Topic topic, KafkaOptions options)
    {
        if (topic.MessageBytesMax < MessageBytesFloor)
            throw new TopicDiffersException(
                $"topic {topic.Name}: MessageBytesMax must be {MessageBytesFloor} or more, is {topic.MessageBytesMax}");
        return new(options.NameOf(topic.Name), topic.Partitions, SettingsOf(topic.Kept, topic.MessageBytesMax));
    }

    private static Dictionary<string, string> SettingsOf(Retention kept, int messageBytesMax)
    {
        var settings = new Dictionary<string, string>
        {
            ["cleanup.policy"] = kept is Retention.LatestPerKey ? "compact" : "delete",
            ["max.message.bytes"] = messageBytesMax.ToString(CultureInfo.InvariantCulture),
        };
        if (kept is Retention.DeletedAfter deleted)
            settings["retention.ms"] = ((long)deleted.Age.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}

/// <summary>A topic is not what it was declared to be. Nothing was changed.</summary>
public sealed class TopicDiffersException(string sentence) : Exception(sentence);
