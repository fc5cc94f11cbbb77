using Dapper;
using Tributary.Accounts.SettingUp;
using Tributary.Testing;

namespace Tributary.Accounts.Tests;

[Category("Integration")]
public sealed class Setting_up
{
    private RunningAccounts _accounts = null!;

    [OneTimeSetUp]
    public async Task Start() => _accounts = await RunningAccounts.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _accounts.DisposeAsync();

    [Test]
    public async Task A_second_time_nothing_is_made_and_the_administrators_key_is_not_shown()
    {
        var lines = await FirstOrganisation.MakeOnceAsync(_accounts.Store, CancellationToken.None);

        Assert.That(lines, Is.EqualTo(new[]
        {
            $"organisation={_accounts.Organisation}", $"write_key={_accounts.WriteKey}",
        }));
    }

    [Test]
    public async Task Several_at_once_make_one()
    {
        await using var admin = await _accounts.Database.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("truncate organization, app, source, write_key, api_key, api_key_secret, audit");

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => FirstOrganisation.MakeOnceAsync(_accounts.Store, CancellationToken.None)));

        Assert.That(made.Select(lines => lines[0]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(made.Count(lines => lines.Any(line => line.StartsWith("api_key=", StringComparison.Ordinal))),
            Is.EqualTo(1));
        Assert.That(await admin.ExecuteScalarAsync<long>("select count(*) from organization"), Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_lost_the_key_gets_another_and_the_first_stays_good()
    {
        await using var fresh = await RunningAccounts.StartAsync();

        var lines = await FirstOrganisation.AdministratorKeyAsync(fresh.Store, CancellationToken.None);

        var key = lines[1].Split('=')[1];
        await Eventually.ThatAsync(
            async () => (await fresh.GetAsync(key, "/api/v1/apps")).Status, Is.EqualTo(System.Net.HttpStatusCode.OK));
        Assert.That(
            (await fresh.GetAsync(fresh.Administrator, "/api/v1/apps")).Status,
            Is.EqualTo(System.Net.HttpStatusCode.OK));
    }
}
