using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Keeping;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Keeping;

public sealed class Spooling_events
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Prepare() => _folder = new TemporaryFolder("spool");

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task What_was_answered_for_is_there_after_a_stop_in_its_order()
    {
        using (var spool = Open(out var before))
        {
            for (var index = 0; index < 100; index++)
                await AppendAsync(spool, before, $"person {index % 3}", $"{index}");
        }

        using var again = Open(out var persons);

        Assert.That(ValuesOf(again), Is.EqualTo(Enumerable.Range(0, 100).Select(index => $"{index}")));
        Assert.That(persons.Has(SpooledPersons.PlaceOf("person 1"u8)), Is.True);
    }

    [Test]
    public async Task A_file_that_was_cut_off_anywhere_keeps_all_records_before_the_cut()
    {
        using (var spool = Open(out var persons))
            for (var index = 0; index < 3; index++) await AppendAsync(spool, persons, "p", $"{index}");
        var path = Directory.GetFiles(_folder.FullName).Single();
        var whole = await File.ReadAllBytesAsync(path);
        var record = whole.Length / 3;

        for (var length = whole.Length; length >= 0; length--)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            using var again = Open(out _);
            Assert.That(ValuesOf(again).Count(), Is.EqualTo(length / record), $"cut after {length} bytes");
        }
    }

    [Test]
    public async Task What_follows_a_torn_tail_is_read_behind_it()
    {
        using (var spool = Open(out var persons)) await AppendAsync(spool, persons, "p", "first");
        await File.AppendAllTextAsync(Directory.GetFiles(_folder.FullName).Single(), "torn");

        using (var spool = Open(out var persons)) await AppendAsync(spool, persons, "p", "second");

        using var again = Open(out _);
        Assert.That(ValuesOf(again), Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task More_than_it_may_hold_is_not_taken_and_nobody_waits_for_it()
    {
        using var spool = Open(out var persons, bytesMax: 1 << 20);

        var large = await AppendAsync(spool, persons, "p", new string('x', 2 << 20));
        var small = await AppendAsync(spool, persons, "q", "y");

        Assert.That(large, Is.InstanceOf<Outcome.NotNow>());
        Assert.That(persons.Has(SpooledPersons.PlaceOf("p"u8)), Is.False);
        Assert.That(small, Is.EqualTo(Outcome.InSpool));
    }

    [TestCase(false, LogSign.NotKept, true), TestCase(false, LogSign.Silent, true), TestCase(false, LogSign.Full, true)]
    [TestCase(true, LogSign.SentAndKept, true), TestCase(true, LogSign.DrainedAndKept, false)]
    [TestCase(false, LogSign.SentAndKept, false), TestCase(false, LogSign.DrainedAndKept, false)]
    public void Only_the_spools_own_records_open_the_road_again(bool isClosed, object sign, bool isClosedAfter) =>
        Assert.That(new LogRoad(isClosed).After((LogSign)sign).IsClosed, Is.EqualTo(isClosedAfter));

    [Test]
    public async Task An_event_in_it_is_found_by_its_organisation_and_message_id()
    {
        using var spool = Open(out var persons);
        var organisation = Guid.NewGuid();
        foreach (var id in new[] { "a", "b" })
        {
            var sent = new Event
            {
                Organisation = ByteString.CopyFrom(organisation.ToByteArray(bigEndian: true)),
                MessageId = id,
            };
            await AppendAsync(spool, persons, "p", sent.ToByteArray());
        }

        var find = new FindSpooled(spool);

        Assert.That(find.Holds(organisation, "b"), Is.True);
        Assert.That(find.Holds(organisation, "c"), Is.False);
        Assert.That(find.Holds(Guid.NewGuid(), "b"), Is.False);
    }

    private Spool Open(out SpooledPersons persons, long bytesMax = 1 << 30)
    {
        persons = new SpooledPersons();
        return new Spool(
            new SpoolOptions { Folder = _folder.FullName, BytesMax = bytesMax }, persons, NullLogger<Spool>.Instance);
    }

    private static Task<Outcome> AppendAsync(Spool spool, SpooledPersons persons, string key, string value) =>
        AppendAsync(spool, persons, key, Encoding.UTF8.GetBytes(value));

    private static Task<Outcome> AppendAsync(Spool spool, SpooledPersons persons, string key, byte[] valueBytes)
    {
        var parcel = new Parcel();
        var keyBytes = Encoding.UTF8.GetBytes(key);
        var room = parcel.Room(keyBytes.Length + valueBytes.Length);
        keyBytes.CopyTo(room);
        valueBytes.CopyTo(room[keyBytes.Length..]);
        parcel.Add(keyBytes.Length, valueBytes.Length);
        persons.Add(SpooledPersons.PlaceOf(keyBytes));
        return spool.AppendAsync(parcel, [0]);
    }

    private static IEnumerable<string> ValuesOf(Spool spool)
    {
        while (spool.First is { } file)
        {
            var bytes = new byte[file.End];
            var at = file.Read(bytes, 0);
            List<string> values = [];
            for (var from = 0; SpoolRecord.TryRead(
                bytes.AsSpan(from, at - from), out _, out var value, out var length); from += length)
            {
                values.Add(Encoding.UTF8.GetString(value));
            }
            foreach (var value in values) yield return value;
            spool.TryRemoveFirst(file, file.End);
        }
    }
}
