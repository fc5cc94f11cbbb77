using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>
/// A topic: its lasting id, its settings and the logs of its partitions, of which more may come but none go.
/// </summary>
internal sealed class Topic(string name, Guid id, TopicSettings settings, PartitionLog[] partitions)
{
    public string Name { get; } = name;
    public Guid Id { get; } = id;
    public TopicSettings Settings { get; private set; } = settings;
    public PartitionLog[] Partitions { get; private set; } = partitions;

    public PartitionLog? Partition(int index)
    {
        var all = Partitions;
        return (uint)index < (uint)all.Length ? all[index] : null;
    }

    public void Extend(IEnumerable<PartitionLog> more) => Partitions = [.. Partitions, .. more];

    public void Apply(TopicSettings settings)
    {
        Settings = settings;
        foreach (var partition in Partitions) partition.Settings = settings;
    }
}
