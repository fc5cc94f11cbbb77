using Google.Protobuf;
using Tributary.Ingestion.Deduplicating;

namespace Tributary.Ingestion.Tests.Deduplicating;

public sealed class Reading_an_event_in_place
{
    [Test]
    public void It_tells_whose_the_event_is_and_by_which_source_it_came()
    {
        var read = ReceivedEvent.Read(Pipeline.EventOf("id-1").ToByteArray());

        Assert.That((read.Organisation, read.Source), Is.EqualTo((Sample.Organisation, Sample.Source)));
        Assert.That(read.Id, Is.Not.Null);
    }

    [Test]
    public void The_same_message_id_of_another_organisation_is_another_id()
    {
        var (mine, theirs) = (Pipeline.EventOf("id-1"), Pipeline.EventOf("id-1"));
        theirs.Organisation = Pipeline.Uuid(Guid.NewGuid());

        Assert.That(
            ReceivedEvent.Read(mine.ToByteArray()).Id,
            Is.Not.EqualTo(ReceivedEvent.Read(theirs.ToByteArray()).Id));
    }

    [Test]
    public void An_event_without_a_message_id_has_none() =>
        Assert.That(ReceivedEvent.Read(Pipeline.EventOf("").ToByteArray()).Id, Is.Null);

    [Test]
    public void Bytes_that_are_no_event_of_an_organisation_are_refused([Values] bool isCut)
    {
        var bytes = isCut ? Pipeline.EventOf("id-1").ToByteArray()[..^3] : new Contracts.V1.Event().ToByteArray();

        Assert.That(() => ReceivedEvent.Read(bytes), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Random_bytes_are_read_or_refused_and_nothing_else([Range(1, 20)] int seed)
    {
        var chance = new Random(seed);
        for (var n = 0; n < 500; n++)
        {
            var bytes = Pipeline.EventOf($"id-{n}").ToByteArray();
            for (var change = 0; change < 3; change++) bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            Assert.That(() => ReceivedEvent.TryRead(bytes), Throws.Nothing);
        }
    }

    [Test]
    public void It_allocates_nothing()
    {
        var bytes = Pipeline.EventOf("id-1").ToByteArray();
        ReceivedEvent.Read(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100; n++) ReceivedEvent.Read(bytes);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
