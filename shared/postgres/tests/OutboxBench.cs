using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Postgres.Outbox;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

/// <summary>A service's outbox with the relays of a test, which stop with it.</summary>
internal sealed class OutboxBench(TestDatabase test) : IAsyncDisposable
{
    private readonly List<OutboxRelay> _relays = [];

    public static readonly OutboxOptions Quick = new()
    {
        PollInterval = TimeSpan.FromMilliseconds(50),
        BackoffMax = TimeSpan.FromSeconds(1),
        LeaseMax = TimeSpan.FromSeconds(1),
    };

    public static async Task PublishAsync(ServiceDatabase database, params string[] values)
    {
        await using var work = await database.WithoutOrganisationAsync(default);
        foreach (var value in values) work.Publish(Message(value));
        await work.CommitAsync(default);
    }

    public static OutboxMessage Message(string value) =>
        new("arms.v1", Encoding.UTF8.GetBytes("key"), Encoding.UTF8.GetBytes(value), new Dictionary<string, string>());

    public static string[] Numbers(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public async Task<OutboxStatus> StartAsync(OpenOutboxSender sender, OutboxOptions options)
    {
        var status = new OutboxStatus(test.Database.Service, options, new OutboxMetrics(new Meters()));
        var relay = new OutboxRelay(test.Database, sender, options, status, TimeProvider.System);
        _relays.Add(relay);
        await relay.StartAsync(default);
        return status;
    }

    public Task<long> SentAsync() => ScalarAsync<long>("select position from outbox_sent");

    public Task UntilSentAsync(long position) => Until.TrueAsync(async () => await SentAsync() >= position);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var admin = await test.Admin.OpenConnectionAsync();
        return (await admin.ExecuteScalarAsync<T>(sql))!;
    }

    public static async Task<HealthCheckResult> HealthAsync(OutboxStatus status) =>
        await status.CheckHealthAsync(new HealthCheckContext(), default);

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.StopAsync(default);
            relay.Dispose();
        }
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
