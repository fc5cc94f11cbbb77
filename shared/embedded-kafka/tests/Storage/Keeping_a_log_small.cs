using System.Text;
using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka.Tests.Storage;

public sealed class Keeping_a_log_small
{
    [Test]
    public void Segments_past_their_time_are_removed_and_the_log_begins_later()
    {
        using var fixture = new LogFixture(("segment.bytes", "1048576"), ("retention.ms", "60000"));
        fixture.Fill(30, 100_000);
        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        fixture.Append(("k", "young"));

        fixture.Log.Retain();

        Assert.Multiple(() =>
        {
            Assert.That(fixture.Log.StartOffset, Is.GreaterThan(0));
            Assert.That(fixture.Records(fixture.Log.StartOffset)[^1].Offset, Is.EqualTo(30));
            Assert.That(fixture.Log.HighWatermark, Is.EqualTo(31));
        });
    }

    [Test]
    public void Segments_beyond_the_size_are_removed()
    {
        using var fixture = new LogFixture(("segment.bytes", "1048576"), ("retention.bytes", "2000000"));
        fixture.Fill(60, 100_000);

        fixture.Log.Retain();

        Assert.That(fixture.Log.Size, Is.InRange(2_000_000, 3_200_000));
    }

    [Test]
    public void A_compacted_log_keeps_the_last_of_each_key_at_its_offset()
    {
        using var fixture = new LogFixture(("segment.bytes", "1048576"), ("cleanup.policy", "compact"));
        fixture.Fill(60, 50_000);
        var before = Latest(fixture);

        new Compaction(fixture.Surroundings).Run(fixture.Log, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(Latest(fixture), Is.EqualTo(before));
            Assert.That(fixture.Records(), Has.Count.LessThan(60));
            Assert.That(fixture.Log.HighWatermark, Is.EqualTo(60));
        });
        fixture.Reopen();
        Assert.That(Latest(fixture), Is.EqualTo(before));
    }

    [Test]
    public void A_delete_marker_goes_after_its_time_and_takes_its_key_along()
    {
        using var fixture = new LogFixture(
            ("segment.bytes", "1048576"), ("cleanup.policy", "compact"), ("delete.retention.ms", "60000"));
        fixture.Append(("gone", "here"));
        fixture.Append(("gone", null));
        fixture.Fill(30, 100_000);

        new Compaction(fixture.Surroundings).Run(fixture.Log, CancellationToken.None);
        var soon = Latest(fixture).ContainsKey("gone");
        fixture.Fill(30, 100_000);
        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        new Compaction(fixture.Surroundings).Run(fixture.Log, CancellationToken.None);

        Assert.That((soon, Latest(fixture).ContainsKey("gone")), Is.EqualTo((true, false)));
    }

    [Test]
    public void Appending_allocates_nothing_for_each_record()
    {
        using var fixture = new LogFixture();
        var few = Wire.TestBatch.Values(10);
        var many = Wire.TestBatch.Values(10_000);
        fixture.Log.Append(few.ToArray());

        var forFew = Allocated(few.ToArray());
        var forMany = Allocated(many.ToArray());

        Assert.That(forMany, Is.LessThanOrEqualTo(forFew + 64), "bytes allocated for 10,000 records and for 10");

        long Allocated(byte[] batch)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            fixture.Log.Append(batch);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Dictionary<string, long> Latest(LogFixture fixture)
    {
        var latest = new Dictionary<string, long>();
        foreach (var record in fixture.Records()) latest[Encoding.UTF8.GetString(record.Key!.Value.Span)] =
            record.Offset;
        return latest;
    }
}
