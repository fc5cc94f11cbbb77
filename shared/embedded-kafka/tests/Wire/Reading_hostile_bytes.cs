using FsCheck;
using FsCheck.Fluent;
using Tributary.EmbeddedKafka.Bench;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Tests.Wire;

public sealed class Reading_hostile_bytes
{
    [Test]
    public void Any_bytes_are_read_or_malformed() => ForAnyBytes(2_000, bytes =>
    {
        foreach (var api in OfferedApis.All)
        {
            try
            {
                Requests.Read(api.Key, new WireReader().Begin(bytes), api.Last);
            }
            catch (MalformedException)
            {
                // Nothing but this and a request.
            }
        }
    });

    [Test]
    public void Any_bytes_that_say_to_be_a_batch_are_refused_or_intact()
    {
        var settings = Topics.TopicSettings.From(new Dictionary<string, string>());

        ForAnyBytes(5_000, bytes =>
        {
            if (Admission.Refuse(bytes, settings, now: 0) is null) Assert.That(new Batch(bytes).IsIntact, Is.True);
        });
    }

    [Test]
    public async Task Mutated_requests_of_a_real_client_do_no_harm()
    {
        using var said = new StringWriter();

        Assert.That(await Fuzz.RunAsync(20_000, seed: 2, said), Is.True, said.ToString());
    }

    [Test]
    public async Task A_request_larger_than_allowed_closes_its_connection_and_no_other()
    {
        var address = await Brokers.AddressAsync(Brokers.Ours);
        await using var hostile = await WireClient.ConnectAsync(address);
        await using var other = await WireClient.ConnectAsync(address);

        await hostile.SendAsync(new byte[] { 0x7f, 0xff, 0xff, 0xff, 0, 0 });

        Assert.Multiple(async () =>
        {
            Assert.That(await hostile.ReceiveAsync(), Is.Null);
            Assert.That((await other.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(
                ApiKey.ApiVersions, 3, new() { ClientSoftwareName = "t", ClientSoftwareVersion = "1" })).ApiKeys,
                    Is.Not.Empty);
        });
    }

    private static void ForAnyBytes(int times, Action<byte[]> holds) =>
        Prop.ForAll(holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
