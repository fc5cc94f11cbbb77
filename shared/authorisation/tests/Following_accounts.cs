using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Authorisation.Testing;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.EmbeddedKafka;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Authorisation.Tests;

/// <summary>Over a real broker, ours, that is stopped and emptied under the follower.</summary>
[Category("Integration")]
public sealed class Following_accounts
{
    private static readonly Guid Ours = Guid.NewGuid();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly int _port = FreePort.Next();
    private TemporaryFolder _folder = null!;
    private Broker? _broker;
    private IHost _writer = null!;
    private GuardedService? _service;

    [SetUp]
    public async Task StartBroker()
    {
        _folder = new TemporaryFolder("accounts");
        Start();
        await WriteAnewAsync();
    }

    [TearDown]
    public async Task StopAll()
    {
        if (_service is not null) await _service.DisposeAsync();
        _writer.Dispose();
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task All_that_was_written_before_is_known_when_it_is_ready_and_what_comes_after_is_seen()
    {
        await SayAsync(SampleAccounts.Organisation(Ours, 1).WithKey(Ours, "first", "events:read"));
        await SayAsync(SampleAccounts.Organisation(Guid.NewGuid(), 1).WithKey(Ours, "other", "events:read"));
        await FollowAsync();

        await Eventually.ThatAsync(ReadyAsync, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync("first"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync("other"), Is.EqualTo(HttpStatusCode.OK));
        await SayAsync(SampleAccounts.Organisation(Ours, 2).WithKey(Ours, "second", "events:read"));

        await Eventually.ThatAsync(() => StatusAsync("second"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync("first"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_revoked_key_stops_while_requests_go_on()
    {
        var state = SampleAccounts.Organisation(Ours, 1).WithKey(Ours, "key", "events:read");
        await SayAsync(state);
        await FollowAsync();
        await Eventually.ThatAsync(() => StatusAsync("key"), Is.EqualTo(HttpStatusCode.OK));

        var revoked = SampleAccounts.Organisation(Ours, 2).WithKey(Ours, "key", "events:read");
        revoked.ApiKeys[0].Revoked = true;
        await SayAsync(revoked);
        var saidAt = TimeProvider.System.GetTimestamp();

        await Eventually.ThatAsync(() => StatusAsync("key"), Is.EqualTo(HttpStatusCode.Unauthorized));
        var took = TimeProvider.System.GetElapsedTime(saidAt);
        await TestContext.Out.WriteLineAsync($"stopped after {took.TotalMilliseconds:0} ms");
    }

    [Test]
    public async Task Before_it_knows_all_it_is_not_ready_and_refuses_nobody_for_good()
    {
        await StopBrokerAsync();
        await FollowAsync();

        Assert.That(await ReadyAsync(), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await StatusAsync("key"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await LineAsync(), Does.Contain("unhealthy"));

        Start();
        await SayAsync(SampleAccounts.Organisation(Ours, 1).WithKey(Ours, "key", "events:read"));
        await Eventually.ThatAsync(() => StatusAsync("key"), Is.EqualTo(HttpStatusCode.OK), Patience);
    }

    [Test]
    public async Task Without_Kafka_it_goes_on_with_what_it_knows_says_so_and_catches_up_by_itself()
    {
        await SayAsync(SampleAccounts.Organisation(Ours, 1).WithKey(Ours, "first", "events:read"));
        await FollowAsync();
        await Eventually.ThatAsync(() => StatusAsync("first"), Is.EqualTo(HttpStatusCode.OK));

        await StopBrokerAsync();
        await Eventually.ThatAsync(LineAsync, Does.Contain("Goes on with what it knows"), Patience);
        Assert.That(await StatusAsync("first"), Is.EqualTo(HttpStatusCode.OK));

        Start();
        await SayAsync(SampleAccounts.Organisation(Ours, 2).WithKey(Ours, "second", "events:read"));
        await Eventually.ThatAsync(() => StatusAsync("second"), Is.EqualTo(HttpStatusCode.OK), Patience);
        await Eventually.ThatAsync(LineAsync, Does.Contain("Follows"), Patience);
    }

    [Test]
    public async Task A_topic_that_was_made_anew_takes_nothing_back_and_is_followed()
    {
        await SayAsync(SampleAccounts.Organisation(Ours, 5).WithKey(Ours, "kept", "events:read"));
        await SayAsync(SampleAccounts.Organisation(Guid.NewGuid(), 1));
        await FollowAsync();
        await Eventually.ThatAsync(() => StatusAsync("kept"), Is.EqualTo(HttpStatusCode.OK));

        await StopBrokerAsync();
        System.IO.Directory.Delete(_folder.FullName, recursive: true);
        Start();
        await WriteAnewAsync();
        await SayAsync(SampleAccounts.Organisation(Ours, 4).WithKey(Ours, "older", "events:read"));
        var other = SampleAccounts.Organisation(Guid.NewGuid(), 1).WithKey(Ours, "new", "events:read");
        await SayAsync(other);

        await Eventually.ThatAsync(() => StatusAsync("new"), Is.EqualTo(HttpStatusCode.OK), Patience);
        Assert.That(await StatusAsync("kept"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync("older"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private void Start() => _broker = Broker.Start(
        new BrokerOptions
        {
            DataFolder = _folder.FullName,
            Listen = new(IPAddress.Loopback, _port),
            AutoCreateTopics = false,
        },
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private async Task StopBrokerAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    /// <summary>The topic as its owner makes it, and a producer.</summary>
    private async Task WriteAnewAsync()
    {
        _writer?.Dispose();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["Kafka:Brokers"] = Brokers;
        builder.AddTopics("accounts", Topics.All);
        _writer = builder.Build();
        await _writer.StartAsync();
        await _writer.StopAsync();
    }

    private string Brokers => $"127.0.0.1:{_port}";

    private async Task SayAsync(AccountState state)
    {
        var producer = _writer.Services.GetRequiredService<Producers>().For(Topics.Accounts);
        (await producer.SendAsync([state], CancellationToken.None)).EnsureKept();
    }

    private async Task FollowAsync() =>
        _service = await GuardedService.StartAsync(told: null, ("Kafka:Brokers", Brokers));

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Add("X-Api-Key", key);
        using var answer = await _service!.Http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> ReadyAsync()
    {
        using var answer = await _service!.Operations.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>What health says of the accounts.</summary>
    private async Task<string> LineAsync()
    {
        using var answer = await _service!.Operations.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        return lines.SingleOrDefault(line => line.Contains("\"accounts\"", StringComparison.Ordinal), "");
    }
}
