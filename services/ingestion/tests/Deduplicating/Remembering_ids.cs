using System.Security.Cryptography;
using System.Text;
using Tributary.Ingestion.Deduplicating;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Deduplicating;

/// <summary>The window of ids, which must follow from what was written and from nothing else.</summary>
public sealed class Remembering_ids
{
    private const long Start = 1_700_000_000_000;
    private static readonly WindowBounds Day = new(TimeSpan.FromDays(1), 1_000_000);

    [Test]
    public void An_id_is_a_repeat_within_the_window_and_not_after_it()
    {
        var window = new IdWindow(Day);
        window.Add(IdOf(1), Start, position: 0);

        Assert.That(window.Contains(IdOf(1), Start + Hours(24)), Is.True);
        Assert.That(window.Contains(IdOf(1), Start + Hours(25)), Is.False);
        Assert.That(window.Contains(IdOf(2), Start), Is.False);
    }

    [Test]
    public void A_record_that_is_late_by_its_own_clock_does_not_bring_back_what_was_forgotten()
    {
        var window = new IdWindow(Day);
        window.Add(IdOf(1), Start, position: 0);
        window.Add(IdOf(2), Start + Hours(30), position: 1);

        Assert.That(window.Contains(IdOf(1), Start), Is.False);
        Assert.That(window.Contains(IdOf(2), Start), Is.True);
    }

    [Test]
    public void Looking_changes_nothing()
    {
        var window = new IdWindow(Day);
        window.Add(IdOf(1), Start, position: 0);

        window.Contains(IdOf(1), Start + Hours(100));

        Assert.That((window.Clock, window.Count, window.Contains(IdOf(1), Start)), Is.EqualTo((Start, 1, true)));
    }

    [Test]
    public void Beyond_its_bound_the_oldest_ids_are_forgotten_first()
    {
        var window = new IdWindow(Day with { IdsMax = 3_200 });
        for (var n = 0; n < 10_000; n++) window.Add(IdOf(n), Start + n, n);

        Assert.That(window.Count, Is.InRange(3_000, 3_200));
        Assert.That(window.Contains(IdOf(9_999), Start), Is.True);
        Assert.That(window.Contains(IdOf(7_100), Start), Is.True);
        Assert.That(window.Contains(IdOf(6_000), Start), Is.False);
    }

    [Test]
    public void An_id_takes_about_16_bytes()
    {
        var window = new IdWindow(Day);
        var worst = 0.0;
        for (var n = 0; n < 700_000; n++)
        {
            window.Add(IdOf(n), Start + n, n);
            if (n > 100_000) worst = Math.Max(worst, (double)window.Bytes / window.Count);
        }
        TestContext.Out.WriteLine($"{(double)window.Bytes / window.Count:0.0} bytes an id, {worst:0.0} at most");

        Assert.That(worst, Is.LessThan(17.5));
    }

    [Test]
    public void It_stays_of_one_size_when_as_many_ids_leave_as_come()
    {
        var window = new IdWindow(new WindowBounds(TimeSpan.FromHours(1), 1_000_000));
        for (var n = 0; n < 300_000; n++) window.Add(IdOf(n), Start + (n * 100), n);

        Assert.That(window.Count, Is.InRange(36_000, 38_000));
        Assert.That(window.Bytes, Is.LessThan(40_000 * 20));
    }

    [TestCase(1_000_000, 1)]
    [TestCase(1_000_000, 2)]
    [TestCase(3_000, 3)]
    [TestCase(3_000, 4)]
    public void Built_anew_from_any_place_before_its_oldest_id_it_decides_the_same(int idsMax, int seed)
    {
        var chance = new Random(seed);
        var bounds = new WindowBounds(TimeSpan.FromHours(1), idsMax);
        var log = Enumerable.Range(0, 30_000)
            .Select(n => (
                Id: IdOf(chance.Next(20_000)), Time: Start + (n * 400) + chance.Next(5_000), Position: (long)n))
            .ToArray();
        var whole = new IdWindow(bounds);
        var written = log.Take(25_000).Where(record => Write(whole, record)).ToArray();

        foreach (var from in new[] { 0, written.Length / 4, written.Length / 3 })
        {
            var rebuilt = new IdWindow(bounds);
            foreach (var (id, time, position) in written.Skip(from)) rebuilt.Add(id, time, position);

            Assert.That(rebuilt.Count, Is.EqualTo(whole.Count));
            Assert.That(
                Enumerable.Range(0, 20_000).Where(n => rebuilt.Contains(IdOf(n), Start)),
                Is.EqualTo(Enumerable.Range(0, 20_000).Where(n => whole.Contains(IdOf(n), Start))));
            Assert.That(rebuilt.Clock, Is.EqualTo(whole.Clock));
        }
    }

    [Test]
    public void A_file_gives_back_the_same_window_and_the_place_it_belongs_to()
    {
        using var folder = new TemporaryFolder("window");
        var (window, place) = (Filled(50_000), new SourcePosition(Guid.NewGuid(), 49_999));

        WindowFile.Write(folder.At("window"), place, window);
        var (last, read) = WindowFile.Read(folder.At("window"), Day)!.Value;

        Assert.That((last, read.Count, read.Clock), Is.EqualTo((place, window.Count, window.Clock)));
        Assert.That(Enumerable.Range(0, 60_000).All(n => read.Contains(IdOf(n), Start) == n < 50_000), Is.True);
        read.Add(IdOf(60_000), Start + Hours(30), 60_000);
        Assert.That((read.Count, read.Contains(IdOf(1), Start)), Is.EqualTo((1, false)));
    }

    [Test]
    public void A_file_that_was_cut_or_changed_or_is_of_other_bounds_is_none()
    {
        using var folder = new TemporaryFolder("window");
        var path = folder.At("window");
        WindowFile.Write(path, new SourcePosition(Guid.NewGuid(), 7), Filled(1_000));
        var whole = File.ReadAllBytes(path);

        Assert.That(WindowFile.Read(path, Day with { IdsMax = 5 }), Is.Null);
        File.WriteAllBytes(path, whole[..^100]);
        Assert.That(WindowFile.Read(path, Day), Is.Null);
        whole[whole.Length / 2] ^= 1;
        File.WriteAllBytes(path, whole);
        Assert.That(WindowFile.Read(path, Day), Is.Null);
        File.Delete(path);
        Assert.That(WindowFile.Read(path, Day), Is.Null);
    }

    private static IdWindow Filled(int ids)
    {
        var window = new IdWindow(Day);
        for (var n = 0; n < ids; n++) window.Add(IdOf(n), Start, n);
        return window;
    }

    private static long Hours(int hours) => hours * 3_600_000L;

    private static UInt128 IdOf(int number)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{number}"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static bool Write(IdWindow window, (UInt128 Id, long Time, long Position) record)
    {
        if (window.Contains(record.Id, record.Time)) return false;
        window.Add(record.Id, record.Time, record.Position);
        return true;
    }
}
