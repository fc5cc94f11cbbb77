using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Tests.Wire;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Tests.Storage;

public sealed class Opening_a_log_after_a_stop
{
    [TestCase(1)]
    [TestCase(20)]
    [TestCase(61)]
    [TestCase(70)]
    public void A_torn_tail_is_cut_off_and_the_rest_goes_on(int bytesLeft)
    {
        using var fixture = new LogFixture();
        fixture.Append(("a", "1"));
        fixture.Append(("b", "2"));
        var whole = new FileInfo(fixture.ActiveFile).Length;
        fixture.Append(("c", new string('x', 100)));
        using (var file = File.OpenHandle(fixture.ActiveFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            RandomAccess.SetLength(file, whole + bytesLeft);

        fixture.Reopen();
        var next = fixture.Append(("d", "4"));

        Assert.Multiple(() =>
        {
            Assert.That(next.BaseOffset, Is.EqualTo(2));
            Assert.That(fixture.Records(), Has.Count.EqualTo(3));
        });
    }

    [Test]
    public void A_batch_whose_bytes_changed_and_all_after_it_are_cut_off()
    {
        using var fixture = new LogFixture();
        fixture.Append(("a", "1"));
        var damaged = new FileInfo(fixture.ActiveFile).Length;
        fixture.Append(("b", "2"));
        fixture.Append(("c", "3"));
        using (var file = File.OpenHandle(fixture.ActiveFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            RandomAccess.Write(file, [0xff], damaged + 66);

        fixture.Reopen();

        Assert.That(fixture.Log.HighWatermark, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Producers_find_what_they_found_before(bool orderly)
    {
        using var fixture = new LogFixture();
        fixture.Log.Append(TestBatch.Values(3, producerId: 9, epoch: 2, sequence: 0));
        if (orderly) fixture.Close();

        fixture.Reopen();
        var repeated = fixture.Log.Append(TestBatch.Values(3, producerId: 9, epoch: 2, sequence: 0));
        var gap = fixture.Log.Append(TestBatch.Values(1, producerId: 9, epoch: 2, sequence: 7));
        var next = fixture.Log.Append(TestBatch.Values(1, producerId: 9, epoch: 2, sequence: 3));
        var stale = fixture.Log.Append(TestBatch.Values(1, producerId: 9, epoch: 1, sequence: 0));

        Assert.Multiple(() =>
        {
            Assert.That((repeated.Error, repeated.BaseOffset), Is.EqualTo((ErrorCode.None, 0L)));
            Assert.That(gap.Error, Is.EqualTo(ErrorCode.OutOfOrderSequenceNumber));
            Assert.That(next.BaseOffset, Is.EqualTo(3));
            Assert.That(stale.Error, Is.EqualTo(ErrorCode.InvalidProducerEpoch));
        });
    }

    [Test]
    public void Sequences_go_round_after_the_highest_number()
    {
        using var fixture = new LogFixture();
        fixture.Log.Append(TestBatch.Values(1, producerId: 9, epoch: 0, sequence: int.MaxValue));

        Assert.That(
            fixture.Log.Append(TestBatch.Values(1, producerId: 9, epoch: 0, sequence: 0)).BaseOffset, Is.EqualTo(1));
    }

    [Test]
    public void Deleted_records_stay_deleted()
    {
        using var fixture = new LogFixture();
        fixture.Fill(5, 10);
        fixture.Log.DeleteRecordsBefore(3);

        fixture.Reopen();

        Assert.Multiple(() =>
        {
            Assert.That(fixture.Log.StartOffset, Is.EqualTo(3));
            Assert.That(fixture.Log.Read(2, 100, atLeastOne: true).Error, Is.EqualTo(ErrorCode.OffsetOutOfRange));
        });
    }

    [Test]
    public void Many_segments_without_their_indexes_are_read_as_before()
    {
        using var fixture = new LogFixture(("segment.bytes", "1048576"));
        fixture.Fill(60, 50_000);
        var before = fixture.Records();
        fixture.Close();
        foreach (var index in Directory.EnumerateFiles(fixture.Folder, "*.index")) File.Delete(index);

        fixture.Reopen();

        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFiles(fixture.Folder, "*.log"), Has.Length.GreaterThan(2));
            Assert.That(
                fixture.Records().Select(record => record.Offset), Is.EqualTo(before.Select(record => record.Offset)));
            Assert.That(fixture.Records(from: 41)[0].Offset, Is.EqualTo(41));
        });
    }

    [Test]
    public void A_folder_of_another_format_is_refused_with_a_sentence()
    {
        using var folder = new Testing.TemporaryFolder("format");
        File.WriteAllText(folder.At("broker"), "format=0\n");

        var refused = Assert.Throws<InvalidDataException>(() => _ = new BrokerFolder(folder.FullName));

        Assert.That(refused!.Message, Does.Contain("is of format 0"));
    }

    [Test]
    public void A_folder_in_use_is_refused_with_a_sentence()
    {
        using var folder = new Testing.TemporaryFolder("format");
        using var first = new BrokerFolder(folder.FullName);

        var refused = Assert.Throws<InvalidDataException>(() => _ = new BrokerFolder(folder.FullName));

        Assert.That(refused!.Message, Does.Contain("in use by another broker"));
    }
}
