using System.Runtime.InteropServices;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>How long and how many a window remembers. The same for every owner, or owners disagree.</summary>
/// <param name="Length">By the time of records.</param>
/// <param name="IdsMax">Of one partition; the oldest go first.</param>
internal sealed record WindowBounds(TimeSpan Length, int IdsMax);

/// <summary>
/// The ids of one partition that were written and are not too old, some 16 bytes each. What it holds follows from what
/// was written and from nothing else: the written records' own times move its clock, and what is forgotten together is
/// told by a record's time and position. So it can be built anew from any place before its oldest id. An id is known by
/// 80 of its bits: among 4 million, one in 10^17 is taken for another. One thread at a time.
/// </summary>
internal sealed class IdWindow(WindowBounds bounds)
{
    private const int GroupsPerWindow = 32;
    private const int SlotsMin = 1_024;
    private const double FullAt = 0.85;
    private const double FilledTo = 0.7;

    private readonly long _sliceMilliseconds = Math.Max(1, (long)bounds.Length.TotalMilliseconds / GroupsPerWindow);
    private readonly long _positionsPerPart = Math.Max(1, bounds.IdsMax / GroupsPerWindow);
    private readonly Queue<Group> _groups = [];
    private readonly List<Group?> _byNumber = [null]; // Slots with the number 0 are free.
    private Slot[] _slots = new Slot[SlotsMin];
    private Group? _newest;
    private int _used;

    /// <summary>How many ids it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The latest time of a written record, in milliseconds since 1970.</summary>
    public long Clock { get; private set; }

    /// <summary>What the ids take in memory.</summary>
    public long Bytes => (long)_slots.Length * Marshal.SizeOf<Slot>();

    public WindowBounds Bounds => bounds;

    /// <summary>Whether the id was written so lately that a record of this time repeats it. Changes nothing.</summary>
    public bool Contains(UInt128 id, long time) =>
        _byNumber[_slots[Find(_slots, id)].Number] is { } group && group.Slice >= OldestSlice(Math.Max(Clock, time));

    /// <summary>Remembers an id that is written, by the time and the position of its record.</summary>
    public void Add(UInt128 id, long time, long position)
    {
        Clock = Math.Max(Clock, time);
        var group = GroupFor(Clock / _sliceMilliseconds, position / _positionsPerPart);
        if (_used >= _slots.Length * FullAt) Sweep();
        ref var slot = ref _slots[Find(_slots, id)];
        if (slot.IsFree) _used++;
        else if (_byNumber[slot.Number] is { } before) Take(before);
        slot = Slot.Of(id, group.Number);
        group.Count++;
        Count++;
        while (_groups.Peek() is var oldest && (oldest.Slice < OldestSlice(Clock) || Count > bounds.IdsMax))
            Forget(oldest);
    }

    /// <summary>Takes note of a written record that has no id.</summary>
    public void Pass(long time) => Clock = Math.Max(Clock, time);

    /// <summary>All of it as plain numbers: for a file.</summary>
    public WindowImage ToImage()
    {
        Sweep();
        return new WindowImage(
            Clock, [.. _groups.Select(group => new GroupImage(group.Slice, group.Part, group.Count))], _slots.Length,
            MemoryMarshal.AsBytes(_slots.AsSpan()));
    }

    /// <summary>A window from its image. The bytes belong to the image's number of slots.</summary>
    public static IdWindow Of(WindowBounds bounds, WindowImage image)
    {
        var window = new IdWindow(bounds) { Clock = image.Clock, _slots = new Slot[image.Slots] };
        image.Bytes.CopyTo(MemoryMarshal.AsBytes(window._slots.AsSpan()));
        foreach (var (slice, part, count) in image.Groups)
        {
            window.GroupFor(slice, part).Count = count;
            window.Count += count;
        }
        window._used = window.Count;
        return window;
    }

    private long OldestSlice(long clock) => (clock / _sliceMilliseconds) - GroupsPerWindow;

    private Group GroupFor(long slice, long part)
    {
        if (_newest is { } newest && newest.Slice == slice && newest.Part == part) return newest;
        if (_byNumber.Count > ushort.MaxValue) Sweep();
        _newest = new Group(slice, part) { Number = (ushort)_byNumber.Count };
        _byNumber.Add(_newest);
        _groups.Enqueue(_newest);
        return _newest;
    }

    private void Take(Group group)
    {
        group.Count--;
        Count--;
    }

    private void Forget(Group oldest)
    {
        _groups.Dequeue();
        _byNumber[oldest.Number] = null; // Its slots stay in the way until the next sweep.
        Count -= oldest.Count;
        if (oldest == _newest) _newest = null;
    }

    /// <summary>Drops forgotten ids, numbers the groups anew and makes room in proportion to what is left.</summary>
    private void Sweep()
    {
        var old = _slots;
        var fresh = new Slot[Math.Max(SlotsMin, (int)(Count / FilledTo))];
        var numbers = new ushort[_byNumber.Count];
        var next = (ushort)0;
        foreach (var group in _groups) numbers[group.Number] = ++next;
        foreach (var slot in old)
        {
            if (numbers[slot.Number] is var number and > 0) fresh[Find(fresh, slot.Id)] = slot with { Number = number };
        }
        _byNumber.Clear();
        _byNumber.Add(null);
        foreach (var group in _groups)
        {
            group.Number = (ushort)_byNumber.Count;
            _byNumber.Add(group);
        }
        (_slots, _used) = (fresh, Count);
    }

    /// <summary>The slot of an id, or the free one where it belongs.</summary>
    private static int Find(Slot[] slots, UInt128 id)
    {
        var wanted = Slot.Of(id, number: 0);
        var at = (int)Math.BigMul(wanted.Low, (ulong)slots.Length, out _);
        while (!slots[at].IsFree && !slots[at].IsOf(wanted))
        {
            if (++at == slots.Length) at = 0;
        }
        return at;
    }

    /// <summary>Ids that are forgotten together.</summary>
    private sealed class Group(long slice, long part)
    {
        public long Slice => slice;

        public long Part => part;

        public ushort Number { get; set; }

        public int Count { get; set; }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Slot(ulong Low, ushort High, ushort Number)
    {
        public bool IsFree => Number == 0;

        public UInt128 Id => new(High, Low);

        public bool IsOf(Slot other) => Low == other.Low && High == other.High;

        public static Slot Of(UInt128 id, ushort number) => new((ulong)id, (ushort)(id >> 64), number);
    }
}

/// <summary>A window as plain numbers. The bytes are the window's own, and valid until it changes.</summary>
internal readonly ref struct WindowImage(
    long clock, IReadOnlyList<GroupImage> groups, int slots, ReadOnlySpan<byte> bytes)
{
    public const int SlotBytes = 12;

    public long Clock { get; } = clock;

    public IReadOnlyList<GroupImage> Groups { get; } = groups;

    public int Slots { get; } = slots;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

internal readonly record struct GroupImage(long Slice, long Part, int Count);
