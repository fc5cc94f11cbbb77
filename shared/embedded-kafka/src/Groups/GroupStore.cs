using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Groups;

/// <summary>
/// All groups, and the journal in which their offsets and generations last: what a client was told is committed, and a
/// generation that became stable, are found again after a restart.
/// </summary>
internal sealed partial class GroupStore(string path, LogSurroundings surroundings) : IDisposable
{
    private const sbyte OffsetEntry = 1;
    private const sbyte OffsetGone = 2;
    private const sbyte GroupGone = 3;
    private const sbyte GenerationEntry = 4;

    private readonly ConcurrentDictionary<string, Group> groups = new();
    private readonly Journal journal = new(path, surroundings);

    public ICollection<Group> All => groups.Values;

    public Group? Find(string id) => groups.GetValueOrDefault(id);

    public Group FindOrAdd(string id) => groups.GetOrAdd(id, static id => new Group(id));

    public void Load() => journal.Replay(Apply);

    public async ValueTask CommitAsync(
        Group group, List<((string Topic, int Partition) At, CommittedOffset Offset)> offsets)
    {
        await journal.AppendAsync(offsets.Select(item => OffsetWriter(group.Id, item.At, item.Offset)));
        lock (group.Gate)
        {
            foreach (var (at, offset) in offsets) group.Offsets[at] = offset;
        }
    }

    public async ValueTask ForgetAsync(Group group, IReadOnlyCollection<(string Topic, int Partition)> places)
    {
        if (places.Count == 0) return;
        await journal.AppendAsync(places.Select<(string, int), Action<WireWriter>>(place => writer =>
        {
            Begin(writer, OffsetGone, group.Id);
            writer.String(place.Item1, flexible: false);
            writer.Int32(place.Item2);
        }));
        lock (group.Gate)
        {
            foreach (var place in places) group.Offsets.Remove(place);
        }
    }

    /// <summary>No group has an offset in a topic that was deleted.</summary>
    public async ValueTask ForgetTopicAsync(string topic)
    {
        foreach (var group in groups.Values)
        {
            List<(string, int)> places;
            lock (group.Gate) places = [.. group.Offsets.Keys.Where(at => at.Topic == topic)];
            await ForgetAsync(group, places);
        }
    }

    public async ValueTask DeleteAsync(Group group)
    {
        await journal.AppendAsync([writer => Begin(writer, GroupGone, group.Id)]);
        groups.TryRemove(group.Id, out _);
    }

    /// <summary>Takes a group out that holds nothing worth keeping.</summary>
    public void Drop(Group group) => groups.TryRemove(group.Id, out _);

    /// <summary>
    /// Keeps the group's generation. Called under the group's gate. Where it can't be written, members will join anew
    /// after a restart, which loses nothing.
    /// </summary>
    public void KeepGeneration(Group group)
    {
        using var writer = new WireWriter();
        WriteGeneration(writer, group);
        var bytes = writer.Written.ToArray();
        try
        {
            journal.Append([into => into.Raw(bytes)]);
        }
        catch (IOException broken)
        {
            GenerationNotKept(surroundings.Logger, group.Id, broken);
        }
    }

    /// <summary>Writes the journal anew where it has grown far beyond what is alive.</summary>
    public void RewriteWhenLarge()
    {
        if (!journal.IsLarge) return;
        journal.Rewrite(() => groups.Values.SelectMany(Alive));
    }

    public void Flush() => journal.Flush();

    public void Dispose() => journal.Dispose();

    private static List<Action<WireWriter>> Alive(Group group)
    {
        lock (group.Gate)
        {
            var generation = new WireWriter();
            WriteGeneration(generation, group);
            return
            [
                into => into.Raw(generation.Written.Span),
                .. group.Offsets.Select(pair => OffsetWriter(group.Id, pair.Key, pair.Value)),
            ];
        }
    }

    private static Action<WireWriter> OffsetWriter(
        string group, (string Topic, int Partition) at, CommittedOffset offset) =>
        writer =>
        {
            Begin(writer, OffsetEntry, group);
            writer.String(at.Topic, flexible: false);
            writer.Int32(at.Partition);
            writer.Int64(offset.Offset);
            writer.Int32(offset.LeaderEpoch);
            writer.String(offset.Metadata, flexible: false);
            writer.Int64(offset.CommittedAt);
        };

    private static void Begin(WireWriter writer, sbyte kind, string group)
    {
        writer.Int8(kind);
        writer.String(group, flexible: false);
    }

    private static void WriteGeneration(WireWriter writer, Group group)
    {
        Begin(writer, GenerationEntry, group.Id);
        writer.Int32(group.Generation);
        writer.String(group.ProtocolType, flexible: false);
        writer.String(group.Protocol, flexible: false);
        writer.String(group.Leader, flexible: false);
        writer.Int64(group.EmptySince);
        writer.Int32(group.Members.Count);
        foreach (var member in group.Members)
        {
            writer.String(member.Id, flexible: false);
            writer.String(member.InstanceId, flexible: false);
            writer.String(member.ClientId, flexible: false);
            writer.String(member.Host, flexible: false);
            writer.String(member.ProtocolType, flexible: false);
            writer.Int64((long)member.SessionTimeout.TotalMilliseconds);
            writer.Int64((long)member.RebalanceTimeout.TotalMilliseconds);
            writer.Bytes(member.Assignment, flexible: false);
            writer.Int32(member.Protocols.Count);
            foreach (var (name, metadata) in member.Protocols)
            {
                writer.String(name, flexible: false);
                writer.Bytes(metadata, flexible: false);
            }
        }
    }

    private void Apply(WireReader reader)
    {
        var kind = reader.Int8();
        var group = FindOrAdd(reader.String(flexible: false));
        switch (kind)
        {
            case OffsetEntry:
                group.Offsets[(reader.String(flexible: false), reader.Int32())] = new CommittedOffset(
                    reader.Int64(), reader.Int32(), reader.String(flexible: false), reader.Int64());
                break;
            case OffsetGone:
                group.Offsets.Remove((reader.String(flexible: false), reader.Int32()));
                break;
            case GroupGone:
                groups.TryRemove(group.Id, out _);
                break;
            case GenerationEntry:
                ReadGeneration(reader, group);
                break;
            default:
                throw new InvalidDataException($"{path} holds an entry of the unknown kind {kind}");
        }
    }

    private static void ReadGeneration(WireReader reader, Group group)
    {
        foreach (var member in group.Members.ToList()) group.Remove(member);
        group.Generation = reader.Int32();
        var protocolType = reader.NullableString(flexible: false);
        group.Protocol = reader.NullableString(flexible: false);
        var leader = reader.NullableString(flexible: false);
        group.EmptySince = reader.Int64();
        foreach (var member in reader.Array(flexible: false, version: 0, static (r, _) => ReadMember(r))) group.Add(
            member);
        group.ProtocolType = protocolType;
        group.Leader = leader;
        group.State = group.Members.Count == 0 ? GroupState.Empty : GroupState.Stable;
    }

    private static Member ReadMember(WireReader reader) =>
        new(
            reader.String(flexible: false),
            reader.NullableString(flexible: false),
            reader.String(flexible: false),
            reader.String(flexible: false),
            reader.String(flexible: false))
        {
            SessionTimeout = TimeSpan.FromMilliseconds(reader.Int64()),
            RebalanceTimeout = TimeSpan.FromMilliseconds(reader.Int64()),
            Assignment = reader.Bytes(flexible: false).ToArray(),
            Protocols = reader.Array(
                flexible: false, version: 0, static (r, _) =>
                    (r.String(flexible: false), r.Bytes(flexible: false).ToArray())),
        };

    [LoggerMessage(LogLevel.Error, "The generation of group {Group} could not be written")]
    private static partial void GenerationNotKept(ILogger logger, string group, Exception exception);
}
