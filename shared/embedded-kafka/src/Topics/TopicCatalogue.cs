using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>Why something asked of the catalogue was not done: the protocol's error and a sentence.</summary>
internal sealed record Refusal(short Error, string Reason);

/// <summary>
/// All topics, by name and by id. What is told of as created, altered or deleted is so after a restart, too. Changes
/// are made one at a time.
/// </summary>
internal sealed partial class TopicCatalogue(string folder, BrokerOptions options, LogSurroundings surroundings)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, Topic> byName = new();
    private readonly ConcurrentDictionary<Guid, Topic> byId = new();
    private readonly Dictionary<string, string> byLookalike = [];
    private readonly Lock changing = new();

    public ICollection<Topic> All => byName.Values;

    public Topic? Find(string name) => byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => byId.GetValueOrDefault(id);

    public PartitionLog? Partition(string topic, int partition) => Find(topic)?.Partition(partition);

    public void Load()
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(path)[0] is '+' or '~') Directory.Delete(path, recursive: true);
            else Register(Open(path));
        }
    }

    public Refusal? Refuse(string name, int partitions, IReadOnlyDictionary<string, string?> overrides)
    {
        if (TopicName.Refuse(name) is { } wrong) return new Refusal(ErrorCode.InvalidTopic, wrong);
        if (byName.ContainsKey(name)) return new Refusal(
            ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        lock (changing)
        {
            if (byLookalike.TryGetValue(TopicName.Lookalike(name), out var other))
                return new Refusal(ErrorCode.InvalidTopic, $"Topic '{name}' collides with existing topic: {other}");
        }

        return RefusePartitions(partitions) ?? RefuseSettings(overrides);
    }

    public static Refusal? RefuseSettings(IReadOnlyDictionary<string, string?> overrides)
    {
        foreach (var (setting, value) in overrides)
        {
            if (TopicSetting.Refuse(setting, value) is { } reason) return new Refusal(ErrorCode.InvalidConfig, reason);
        }

        return null;
    }

    /// <summary>Whether so many partitions more are within this broker's limit.</summary>
    public Refusal? RefusePartitions(int more)
    {
        if (more <= 0) return new Refusal(ErrorCode.InvalidPartitions, "Number of partitions must be larger than 0.");
        var present = byName.Values.Sum(topic => topic.Partitions.Length);
        return present + more <= options.PartitionsMax
            ? null
            : new Refusal(
                ErrorCode.PolicyViolation,
                $"Excessively large number of partitions: {present} and {more} more, "
                + $"where {options.PartitionsMax} are allowed.");
    }

    public Refusal? Create(
        string name, int partitions, IReadOnlyDictionary<string, string?> overrides, out Topic? topic)
    {
        lock (changing)
        {
            topic = null;
            if (Refuse(name, partitions, overrides) is { } refusal) return refusal;

            var id = NewId();
            var settings = TopicSettings.From(overrides.ToDictionary(pair => pair.Key, pair => pair.Value!));
            var making = Path.Combine(folder, "+" + name);
            Directory.CreateDirectory(making);
            for (var index = 0; index < partitions; index++) Directory.CreateDirectory(PartitionFolder(making, index));
            TopicFile.Write(making, id, partitions, settings.Overrides);
            var path = Path.Combine(folder, name);
            Directory.Move(making, path);
            Files.SyncFolder(folder);

            topic = new Topic(name, id, settings, OpenPartitions(path, 0, partitions, settings));
            Register(topic);
            TopicCreated(surroundings.Logger, name, partitions);
            return null;
        }
    }

    public bool Delete(Topic topic)
    {
        lock (changing)
        {
            if (!byName.TryRemove(topic.Name, out _)) return false;
            byId.TryRemove(topic.Id, out _);
            byLookalike.Remove(TopicName.Lookalike(topic.Name));
            var doomed = Path.Combine(folder, "~" + topic.Id);
            Directory.Move(Path.Combine(folder, topic.Name), doomed);
            Files.SyncFolder(folder);
            foreach (var partition in topic.Partitions) partition.Abandon();
            Directory.Delete(doomed, recursive: true);
            TopicDeleted(surroundings.Logger, topic.Name);
            return true;
        }
    }

    public Refusal? AddPartitions(Topic topic, int total)
    {
        lock (changing)
        {
            var present = topic.Partitions.Length;
            if (RefusePartitions(total - present) is { } refusal) return refusal;
            var path = Path.Combine(folder, topic.Name);
            for (var index = present; index < total; index++) Directory.CreateDirectory(PartitionFolder(path, index));
            TopicFile.Write(path, topic.Id, total, topic.Settings.Overrides);
            topic.Extend(OpenPartitions(path, present, total, topic.Settings));
            return null;
        }
    }

    public Refusal? Alter(Topic topic, IReadOnlyDictionary<string, string?> overrides)
    {
        if (RefuseSettings(overrides) is { } refusal) return refusal;
        lock (changing)
        {
            var settings = TopicSettings.From(overrides.ToDictionary(pair => pair.Key, pair => pair.Value!));
            TopicFile.Write(Path.Combine(folder, topic.Name), topic.Id, topic.Partitions.Length, settings.Overrides);
            topic.Apply(settings);
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var topic in byName.Values)
        {
            foreach (var partition in topic.Partitions) partition.Dispose();
        }
    }

    private Topic Open(string path)
    {
        var (id, partitions, overrides) = TopicFile.Read(path);
        var settings = TopicSettings.From(overrides);
        return new Topic(Path.GetFileName(path), id, settings, OpenPartitions(path, 0, partitions, settings));
    }

    private void Register(Topic topic)
    {
        lock (changing) byLookalike[TopicName.Lookalike(topic.Name)] = topic.Name;
        byId[topic.Id] = topic;
        byName[topic.Name] = topic;
    }

    private PartitionLog[] OpenPartitions(string path, int from, int to, TopicSettings settings) =>
    [
        .. Enumerable.Range(from, to - from)
            .Select(index => PartitionLog.Open(PartitionFolder(path, index), settings, surroundings)),
    ];

    private static string PartitionFolder(string path, int index) =>
        Path.Combine(path, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ids are shown in Base64 for URLs; tools read one that starts with a dash as an option.</summary>
    private static Guid NewId()
    {
        while (true)
        {
            var id = Guid.NewGuid();
            if ((id.ToByteArray(bigEndian: true)[0] >> 2) != 62) return id;
        }
    }

    [LoggerMessage(LogLevel.Information, "Topic {Topic} was created with {Partitions} partitions")]
    private static partial void TopicCreated(ILogger logger, string topic, int partitions);

    [LoggerMessage(LogLevel.Information, "Topic {Topic} was deleted")]
    private static partial void TopicDeleted(ILogger logger, string topic);
}
