using Grpc.Core;
using Tributary.Accounts.Changing;
using Tributary.Authorisation;
using Tributary.Contracts.V1;

namespace Tributary.Accounts.Calls;

/// <summary>What services ask. Authorise answers from memory; LookUp reads the account as it is.</summary>
internal sealed class AccountsCalls(AccountDirectory directory, AccountStore store)
    : Contracts.V1.Accounts.AccountsBase
{
    private static readonly Permission Sends = Permission.Parse("events:write");

    public override Task<AuthoriseAnswer> Authorise(AuthoriseRequest request, ServerCallContext context)
    {
        var asked = Permission.TryParse(request.Permission)
            ?? throw new RpcException(new(StatusCode.InvalidArgument, "A permission is written as resource:action."));
        return Task.FromResult(request.CredentialCase switch
        {
            AuthoriseRequest.CredentialOneofCase.ApiKeyHash => OfKey(request.ApiKeyHash.Span, asked),
            AuthoriseRequest.CredentialOneofCase.WriteKeyHash => OfSource(request.WriteKeyHash.Span, asked),
            _ => new() { Refusal = Refusal.Unknown },
        });
    }

    public override async Task<AccountState> LookUp(LookUpAccountRequest request, ServerCallContext context)
    {
        var organisation = context.ActingOrganisation();
        if (request.Organisation != AccountStates.Bytes(organisation))
            throw new RpcException(new(StatusCode.PermissionDenied, "The call acts for another organisation."));
        return await store.StateAsync(organisation, context.CancellationToken)
            ?? throw new RpcException(new(StatusCode.NotFound, "There is no such organisation."));
    }

    private AuthoriseAnswer OfKey(ReadOnlySpan<byte> hash, Permission asked)
    {
        var refusal = directory.JudgeHash(hash, out var caller);
        if (caller is null) return new() { Refusal = refusal };
        if (refusal is Refusal.Unspecified && !caller.May(asked)) refusal = Refusal.Forbidden;
        return new()
        {
            Refusal = refusal,
            Organisation = AccountStates.Bytes(caller.Organisation),
            Caller = AccountStates.Bytes(caller.Id),
            Permissions = { caller.Permissions.Select(permission => $"{permission}") },
        };
    }

    /// <summary>A source may send its events, and nothing else.</summary>
    private AuthoriseAnswer OfSource(ReadOnlySpan<byte> hash, Permission asked)
    {
        if (directory.FindSourceByHash(hash) is not { } source) return new() { Refusal = Refusal.Unknown };
        return new()
        {
            Refusal = source.Suspended ? Refusal.Suspended
                : source.Enabled && Sends.Covers(asked) ? Refusal.Unspecified
                : Refusal.Forbidden,
            Organisation = AccountStates.Bytes(source.Organisation),
            Caller = AccountStates.Bytes(source.Source),
            Permissions = { $"{Sends}" },
        };
    }
}
