using System.IO.Compression;
using System.Net;
using System.Text;
using Tributary.Contracts.V1;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Receiving;

[Category("Integration")]
public sealed class Taking_what_senders_send
{
    private const string Event = """{"userId":"u-1","event":"Paid"}""";
    private RunningEdge _edge = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _edge = await RunningEdge.StartAsync(("Ingestion:Receive:RejectionsPerSecondMax", "1000"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _edge.DisposeAsync();

    [TestCase("/v1/track", "track"), TestCase("/v1/identify", "identify"), TestCase("/v1/page", "page")]
    [TestCase("/v1/screen/", "screen"), TestCase("/v1/group", "group"), TestCase("/v1/alias", "alias")]
    [TestCase("/v1/merge", "merge"), TestCase("/v1/t", "track"), TestCase("/v1/i", "identify")]
    [TestCase("/v1/p", "page"), TestCase("/v1/s", "screen"), TestCase("/v1/g", "group"), TestCase("/v1/a", "alias")]
    public async Task The_path_says_the_type(string path, string type)
    {
        var id = Guid.NewGuid().ToString();

        var answer = await _edge.PostAsync(path, $$"""{"messageId":" {{id}} ","userId":"u","type":"other"}""");

        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
            Assert.That(_edge.ReadLog().Single(sent => sent.MessageId == id).Type, Is.EqualTo(type));
        });
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("ok"));
    }

    [TestCase("", 400, "request body is nil")]
    [TestCase("{", 400, "invalid json")]
    [TestCase("""{"userId":"u"} {}""", 400, "invalid json")]
    [TestCase("[]", 400, "event is not a valid rudder event")]
    [TestCase("""{"userId":" ","anonymousId":null}""", 400, "request neither has anonymousId nor userId")]
    public async Task What_is_no_event_is_refused_as_senders_know_it(string body, int status, string text)
    {
        var answer = await _edge.PostAsync("/v1/track", body);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(text + "\n"));
    }

    [TestCase("{}", "empty batch payload")]
    [TestCase("""{"batch":[]}""", "empty batch payload")]
    [TestCase("""{"batch":[{"userId":"u"},7]}""", "event is not a valid rudder event")]
    [TestCase("""{"batch":[{"userId":"u"},{"event":"x"}]}""", "request neither has anonymousId nor userId")]
    public async Task One_bad_element_refuses_the_whole_batch(string body, string text)
    {
        var answer = await _edge.PostAsync("/v1/batch", body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(text + "\n"));
    }

    [TestCase(null, "failed to read writekey from header"), TestCase("trw_unknown", "invalid write key")]
    public async Task A_key_that_is_no_good_is_401(string? key, string text)
    {
        var answer = await _edge.PostAsync("/v1/track", Event, key);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(text + "\n"));
    }

    [Test]
    public async Task A_source_that_is_off_is_404()
    {
        var answer = await _edge.PostAsync("/v1/track", Event, RunningEdge.OffKey);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("source is disabled\n"));
    }

    [Test]
    public async Task Segment_may_put_the_key_into_the_body_and_a_beacon_into_the_query()
    {
        var segment = await _edge.PostAsync(
            "/v1/batch", """{"batch":[{"userId":"u"}],"writeKey":"trw_good"}""", key: null);
        var beacon = await _edge.PostAsync(
            "/beacon/v1/batch?writeKey=trw_good", """{"batch":[{"userId":"u"}]}""", key: null);

        Assert.That(
            new[] { segment.StatusCode, beacon.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_gzipped_batch_is_taken_whatever_its_content_type()
    {
        var id = Guid.NewGuid().ToString();
        var body = """{"batch":[{"messageId":"ID","type":"track","userId":"a","properties":{"a": 1}}]}""";
        var content = Gzip(Encoding.UTF8.GetBytes(body.Replace("ID", id, StringComparison.Ordinal)));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");

        var answer = await _edge.SendAsync("/v1/batch", content, RunningEdge.Key);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var kept = _edge.ReadLog().Single(sent => sent.MessageId == id);
        Assert.Multiple(() =>
        {
            Assert.That(kept.Properties.ToStringUtf8(), Is.EqualTo("""{"a": 1}"""));
            Assert.That(new Guid(kept.Organisation.Span, bigEndian: true), Is.EqualTo(RunningEdge.Organisation));
            Assert.That(new Guid(kept.Source.Span, bigEndian: true), Is.EqualTo(RunningEdge.Source));
            Assert.That(kept.Ip.Length, Is.EqualTo(4), "the peer's");
        });
    }

    [Test]
    public async Task What_is_too_large_is_413_plain_and_gzipped()
    {
        var large = new byte[5_000_000];
        Array.Fill(large, (byte)' ');

        var plain = await _edge.SendAsync("/v1/track", new ByteArrayContent(large), RunningEdge.Key);
        var bomb = await _edge.SendAsync("/v1/track", Gzip(new byte[100_000_000]), RunningEdge.Key);

        Assert.That(
            new[] { plain.StatusCode, bomb.StatusCode }, Is.All.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await bomb.Content.ReadAsStringAsync(), Is.EqualTo("request size exceeds max limit\n"));
    }

    [Test]
    public async Task The_largest_body_is_kept()
    {
        var id = Guid.NewGuid().ToString();
        var head = $$"""{"messageId":"{{id}}","userId":"u","properties":{"x":" """.TrimEnd();
        var body = head + new string('x', 4_096_000 - head.Length - 3) + "\"}}";

        var answer = await _edge.PostAsync("/v1/track", body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_edge.ReadLog().Select(sent => sent.MessageId), Has.Member(id));
    }

    [Test]
    public async Task What_was_refused_is_written_down_with_its_reason()
    {
        var mark = Guid.NewGuid().ToString();

        await _edge.PostAsync("/v1/track", $$"""{"event":"{{mark}}"}""");

        await Eventually.ThatAsync(
            () => _edge.ReadRejections().Where(rejected => rejected.Body.ToStringUtf8().Contains(mark))
                .Select(rejected => (rejected.Reason, rejected.Route)),
            Is.EqualTo(new[] { (RejectionReason.NoIdentity, "/v1/track") }));
    }

    [Test]
    public async Task Browsers_may_ask_and_send_from_every_origin()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(_edge.Http, "/v1/track"));
        preflight.Headers.Add("Origin", "https://a.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "anonymousid,authorization,sentat");

        var answer = await _edge.Client.SendAsync(preflight);

        Assert.Multiple(() =>
        {
            Assert.That((int)answer.StatusCode, Is.EqualTo(204));
            Assert.That(Header(answer, "Access-Control-Allow-Origin"), Is.EqualTo("https://a.example"));
            Assert.That(Header(answer, "Access-Control-Allow-Credentials"), Is.EqualTo("true"));
            Assert.That(Header(answer, "Access-Control-Allow-Headers"), Is.EqualTo("anonymousid,authorization,sentat"));
            Assert.That(Header(answer, "Access-Control-Max-Age"), Is.EqualTo("900"));
        });
    }

    [TestCase("https://shop.example", 200), TestCase("https://other.example", 403), TestCase(null, 200)]
    public async Task A_source_may_name_its_origins(string? origin, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_edge.Http, "/v1/track"));
        request.Content = new StringContent(Event);
        request.Headers.Authorization = RunningEdge.Basic(RunningEdge.ShyKey);
        if (origin is not null) request.Headers.Add("Origin", origin);

        var answer = await _edge.Client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
    }

    [TestCase("/sourceConfig/?p=npm"), TestCase("/sourceConfig"), TestCase("/v1/projects/trw_good/settings")]
    public async Task Browsers_are_told_of_their_source(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_edge.Http, path));
        request.Headers.Authorization = RunningEdge.Basic(RunningEdge.Key);

        var answer = await _edge.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await answer.Content.ReadAsStringAsync(), Does.Contain("\"destinations\":[]").Or.Contain("\"Segment.io\""));
    }

    [Test]
    public async Task Mutated_requests_never_fail_the_server()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var body = Captures.Mutated(random);
            var path = round % 2 == 0 ? "/v1/batch" : "/v1/track";

            var answer = await _edge.SendAsync(path, new ByteArrayContent(body), RunningEdge.Key);

            Assert.That((int)answer.StatusCode, Is.AnyOf(200, 400, 413), () => Encoding.UTF8.GetString(body));
        }
    }

    private static ByteArrayContent Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(bytes);
        return new ByteArrayContent(memory.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(',', answer.Headers.TryGetValues(name, out var values) ? values : []);
}
