using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tributary.Authorisation;
using Tributary.Authorisation.Testing;
using Tributary.Contracts.V1;
using Tributary.Hosting;
using Tributary.Hosting.Grpc;
using Client = Tributary.Contracts.V1.Accounts.AccountsClient;

namespace Tributary.Accounts.Tests;

[Category("Integration")]
public sealed class Asking_as_a_service
{
    private RunningAccounts _accounts = null!;
    private IHost _caller = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _accounts = await RunningAccounts.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Clients:Address"] = _accounts.Grpc.ToString(),
            ["Services:Key"] = RunningAccounts.ServiceKey,
        });
        builder.AddServiceDefaults("asking");
        builder.AddServiceClient<Client>("accounts");
        _caller = builder.Build();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _caller.Dispose();
        await _accounts.DisposeAsync();
    }

    [TestCase("sources:write", ExpectedResult = Refusal.Unspecified)]
    [TestCase("installation:write", ExpectedResult = Refusal.Unspecified)]
    public async Task<Refusal> A_key_is_authorised_by_its_hash(string permission) =>
        (await AuthoriseAsync(new()
        {
            ApiKeyHash = SampleAccounts.HashOf(_accounts.Administrator),
            Permission = permission,
        })).Refusal;

    [TestCase("events:write", ExpectedResult = Refusal.Unspecified)]
    [TestCase("sources:read", ExpectedResult = Refusal.Forbidden)]
    public async Task<Refusal> A_source_may_send_its_events_and_nothing_else(string permission) =>
        (await AuthoriseAsync(new()
        {
            WriteKeyHash = SampleAccounts.HashOf(_accounts.WriteKey),
            Permission = permission,
        })).Refusal;

    [Test]
    public async Task Nobody_knows_a_key_that_was_never_made() => Assert.That(
        (await AuthoriseAsync(new() { ApiKeyHash = SampleAccounts.HashOf("none"), Permission = "apps:read" })).Refusal,
        Is.EqualTo(Refusal.Unknown));

    [Test]
    public async Task The_account_is_read_as_it_is_by_who_acts_for_it()
    {
        var account = await LookUpAsync(_accounts.Organisation, _accounts.Organisation);

        Assert.That(account.Sources.Single().WriteKeyHashes.Single(),
            Is.EqualTo(SampleAccounts.HashOf(_accounts.WriteKey)));
        Assert.That(account.Name, Is.EqualTo("My organisation"));
    }

    [Test]
    public void Who_acts_for_another_organisation_reads_nothing()
    {
        var fault = Assert.ThrowsAsync<RpcException>(() => LookUpAsync(Guid.NewGuid(), _accounts.Organisation));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.PermissionDenied));
    }

    private async Task<AuthoriseAnswer> AuthoriseAsync(AuthoriseRequest request) =>
        await _caller.Services.GetRequiredService<Client>().AuthoriseAsync(request);

    private async Task<AccountState> LookUpAsync(Guid acting, Guid organisation) =>
        await _caller.Services.GetRequiredService<Client>().LookUpAsync(
            new() { Organisation = SampleAccounts.Bytes(organisation) },
            Acting.For(acting, CancellationToken.None));
}
