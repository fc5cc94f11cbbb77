using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Groups;

/// <summary>Which topics a group reads, from what its consumers said of themselves when they joined.</summary>
internal static class Subscriptions
{
    private const string Consumers = "consumer";

    public static HashSet<string> Of(Group group)
    {
        lock (group.Gate)
        {
            if (group.ProtocolType != Consumers) return [];
            return [
                .. group.Members.SelectMany(
                member => Topics(member.MetadataFor(group.Protocol ?? member.Protocols[0].Name)))];
        }
    }

    private static List<string> Topics(byte[] subscription)
    {
        try
        {
            var reader = new WireReader().Begin(subscription);
            reader.Int16(); // The version; every one begins with the topics.
            return reader.Strings(flexible: false);
        }
        catch (MalformedException)
        {
            return [];
        }
    }
}
