using Grpc.Core;
using Tributary.Authorisation.Testing;
using Tributary.Contracts.V1;

namespace Tributary.Authorisation.Tests;

/// <summary>Answers with who calls and for whom.</summary>
internal sealed class AnsweringAccounts : Accounts.AccountsBase
{
    public override Task<AccountState> LookUp(LookUpAccountRequest request, ServerCallContext context) =>
        Task.FromResult(new AccountState
        {
            Name = context.CallingService(),
            Organisation = SampleAccounts.Bytes(context.ActingOrganisation()),
        });
}
