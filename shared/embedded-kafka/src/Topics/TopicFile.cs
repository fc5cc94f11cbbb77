using System.Globalization;
using System.Text;
using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>
/// A topic's declaration on the disk: lines of <c>name=value</c>, the topic's id and number of partitions first, then
/// the settings that differ from the defaults.
/// </summary>
internal static class TopicFile
{
    private const string Name = "topic";

    public static void Write(string folder, Guid id, int partitions, IReadOnlyDictionary<string, string> overrides)
    {
        var text = new StringBuilder()
            .Append("id=").Append(id).Append('\n')
            .Append("partitions=").Append(partitions).Append('\n');
        foreach (var (name, value) in overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(value).Append('\n');
        Files.Replace(Path.Combine(folder, Name), Encoding.UTF8.GetBytes(text.ToString()));
    }

    public static (Guid Id, int Partitions, Dictionary<string, string> Overrides) Read(string folder)
    {
        var settings = Lines.Read(Path.Combine(folder, Name));
        if (!settings.Remove("id", out var id) || !settings.Remove("partitions", out var partitions))
            throw new InvalidDataException($"{folder} holds no readable declaration of its topic");
        return (Guid.Parse(id), int.Parse(partitions, CultureInfo.InvariantCulture), settings);
    }
}
