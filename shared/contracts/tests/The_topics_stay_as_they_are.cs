using Google.Protobuf;
using Tributary.Contracts.V1;

namespace Tributary.Contracts.Tests;

public class The_topics_stay_as_they_are
{
    private static readonly ByteString Organisation = ByteString.CopyFrom(
        new Guid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9").ToByteArray(bigEndian: true));

    private static readonly IMessage[] Samples =
        [.. Topics.Streams.Select(topic => Sample.Of(Schema.DescriptorOf(topic)))];

    [Test]
    public void No_topic_changes_its_key_type_partitions_or_policy()
    {
        var lines = Topics.All.Select(topic => string.Join(" | ",
            topic.Name, topic.Value, topic.KeyedBy, $"{topic.Partitions}", Kept(topic), $"{topic.MessageBytesMax} B",
            topic.Owner, string.Join(", ", topic.Readers), SampleKey(topic)));

        Golden.Match("topics.txt", string.Join("\n", lines) + "\n");
    }

    [Test]
    public void Each_name_is_declared_once() =>
        Assert.That(Topics.All.Select(topic => topic.Name), Is.Unique);

    [Test]
    public void Every_topic_that_is_declared_is_in_the_list()
    {
        var declared = typeof(Topics).GetFields().Select(field => field.GetValue(null)).OfType<Topic>();

        Assert.That(Topics.Streams, Is.EquivalentTo(declared));
    }

    [Test]
    public void Every_topic_says_what_its_key_is_made_of() =>
        Assert.That(Topics.All.Select(topic => topic.KeyedBy), Has.All.Not.Empty);

    [Test]
    public void Every_service_that_reads_has_a_place_for_dead_letters_and_one_for_retries()
    {
        var readers = Topics.Streams.SelectMany(topic => topic.Readers).Distinct();

        Assert.That(readers.SelectMany(reader => new[] { $"dead.{reader}", $"retry.{reader}" }),
            Is.SubsetOf(Topics.All.Select(topic => topic.Name)));
    }

    [Test]
    public void A_dead_letter_can_carry_any_record_of_any_stream() =>
        Assert.That(Topics.DeadLettersOf("bandit").MessageBytesMax,
            Is.GreaterThan(Topics.Streams.Max(topic => topic.MessageBytesMax)));

    [Test]
    public void The_largest_event_that_is_accepted_fits_in_a_record()
    {
        const int largestAccepted = 4_096_000;
        var body = ByteString.CopyFrom(new byte[largestAccepted]);
        var sent = new Event { Properties = body, PageUrl = new('u', 65_536) };

        Assert.That(sent.CalculateSize(), Is.LessThan(Topics.Received.MessageBytesMax));
        Assert.That(Topics.Events.MessageBytesMax, Is.EqualTo(Topics.Received.MessageBytesMax));
    }

    [Test]
    public void The_people_of_one_organisation_never_share_a_key_with_those_of_another()
    {
        var other = ByteString.CopyFrom(new byte[16]);

        Assert.That(Topics.Events.Key(new() { Organisation = Organisation, AnonymousId = "a" }),
            Is.EqualTo("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/a"));
        Assert.That(Topics.Events.Key(new() { Organisation = other, AnonymousId = "a" }),
            Is.EqualTo("00000000-0000-0000-0000-000000000000/a"));
    }

    [Test]
    public void A_known_person_without_an_anonymous_id_is_in_order_by_their_user_id()
    {
        var both = new Event { Organisation = Organisation, AnonymousId = "a", UserId = "u" };
        var known = new Event { Organisation = Organisation, UserId = "u" };

        Assert.That(Topics.Received.Key(both), Does.EndWith("/a"));
        Assert.That(Topics.Received.Key(known), Does.EndWith("/u"));
    }

    [Test]
    public void An_organisation_that_is_no_uuid_is_refused() =>
        Assert.That(() => Topics.Events.Key(new() { Organisation = ByteString.CopyFromUtf8("acme") }),
            Throws.ArgumentException.With.Message.Contains("16 bytes"));

    [Test]
    public void A_prefix_sets_an_environment_apart() =>
        Assert.That(Topics.Events.NameUnder("staging."), Is.EqualTo("staging.events.v1"));

    private static string Kept(Topic topic) => topic.Kept switch
    {
        Retention.DeletedAfter(var age) => $"{age.TotalDays} days",
        Retention.LatestPerKey => "latest per key",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string SampleKey(Topic topic)
    {
        if (topic is CarrierTopic) return "-";
        var sample = Samples.First(message => message.Descriptor == Schema.DescriptorOf(topic));
        var key = (Delegate)topic.GetType().GetProperty("Key")!.GetValue(topic)!;
        return (string)key.DynamicInvoke(sample)!;
    }
}
