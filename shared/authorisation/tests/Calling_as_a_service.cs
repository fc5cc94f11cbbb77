using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tributary.Authorisation.Testing;
using Tributary.Contracts.V1;
using Tributary.Hosting;
using Tributary.Hosting.Grpc;

namespace Tributary.Authorisation.Tests;

public class Calling_as_a_service
{
    private static readonly Guid Ours = Guid.NewGuid();

    [Test]
    public async Task A_call_carries_its_service_and_the_organisation_that_it_is_for()
    {
        await using var service = await GuardedService.StartAsync(SampleAccounts.Directory(TimeProvider.System));
        using var caller = Caller(service.Grpc, GuardedService.ServiceKey);

        var answer = await LookUpAsync(caller, Acting.For(Ours, CancellationToken.None));

        Assert.That(answer.Name, Is.EqualTo("calling"));
        Assert.That(answer.Organisation, Is.EqualTo(SampleAccounts.Bytes(Ours)));
    }

    [TestCase("")]
    [TestCase("another key of twenty-four characters")]
    public async Task A_call_without_the_installations_key_is_refused(string key)
    {
        await using var service = await GuardedService.StartAsync(SampleAccounts.Directory(TimeProvider.System));
        using var caller = Caller(service.Grpc, key);

        var fault = Assert.ThrowsAsync<RpcException>(
            () => LookUpAsync(caller, Acting.For(Ours, CancellationToken.None)));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task Where_no_key_is_set_nobody_is_let_in()
    {
        await using var service = await GuardedService.StartAsync(
            SampleAccounts.Directory(TimeProvider.System), ("Services:Key", ""));
        using var caller = Caller(service.Grpc, "");

        var fault = Assert.ThrowsAsync<RpcException>(
            () => LookUpAsync(caller, Acting.For(Ours, CancellationToken.None)));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(fault.Status.Detail, Does.Contain("SERVICE_KEY"));
    }

    [Test]
    public async Task While_the_key_is_replaced_both_are_accepted_and_the_first_is_shown()
    {
        const string next = "the next key of enough characters";
        await using var service = await GuardedService.StartAsync(
            SampleAccounts.Directory(TimeProvider.System), ("Services:Key", $"{next},{GuardedService.ServiceKey}"));
        using var old = Caller(service.Grpc, GuardedService.ServiceKey);
        using var both = Caller(service.Grpc, $"{next},{GuardedService.ServiceKey}");

        Assert.That((await LookUpAsync(old, Acting.For(Ours, CancellationToken.None))).Name, Is.EqualTo("calling"));
        Assert.That((await LookUpAsync(both, Acting.For(Ours, CancellationToken.None))).Name, Is.EqualTo("calling"));
    }

    [Test]
    public async Task A_call_for_nobody_is_refused_by_what_needs_an_organisation()
    {
        await using var service = await GuardedService.StartAsync(SampleAccounts.Directory(TimeProvider.System));
        using var caller = Caller(service.Grpc, GuardedService.ServiceKey);

        var fault = Assert.ThrowsAsync<RpcException>(() => LookUpAsync(caller, default));

        Assert.That(fault!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public void A_short_key_stops_the_process_at_its_start()
    {
        var faults = new ServiceKeyOptions { Key = "short" }.Validate(new(new()));

        Assert.That(faults.Single().ErrorMessage, Does.Contain("24 characters"));
    }

    private static async Task<AccountState> LookUpAsync(IHost caller, CallOptions options) =>
        await caller.Services.GetRequiredService<Accounts.AccountsClient>().LookUpAsync(new(), options);

    private static IHost Caller(Uri address, string key)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Clients:Address"] = address.ToString(),
            ["Services:Key"] = key,
        });
        builder.AddServiceDefaults("calling");
        builder.AddServiceClient<Accounts.AccountsClient>("accounts");
        return builder.Build();
    }
}
