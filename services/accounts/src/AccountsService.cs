using Tributary.Accounts.ApiKeys;
using Tributary.Accounts.Apps;
using Tributary.Accounts.Auditing;
using Tributary.Accounts.Calls;
using Tributary.Accounts.Changing;
using Tributary.Accounts.Organizations;
using Tributary.Accounts.Sources;
using Tributary.Authorisation;
using Tributary.Postgres;
using Tributary.Postgres.Outbox;
using Tributary.Streaming;

namespace Tributary.Accounts;

/// <summary>Accounts as a part of a host: its own, or the one of every service.</summary>
public static class AccountsService
{
    internal const string Name = "accounts";

    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Who may do what, its API, and <c>accounts.v1</c>.</summary>
        public void AddAccounts()
        {
            builder.AddTopics(Name, Topics.All);
            builder.AddPostgres(Name, typeof(AccountsService).Assembly);
            builder.AddOutboxRelay(Name);
            builder.AddAccountDirectory();
            builder.Services.AddSingleton<AccountStore>();
            builder.Services.AddExceptionHandler<AnswerOutages>();
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>The API under /api/v1, and what services ask.</summary>
        public void MapAccounts()
        {
            routes.MapOrganizations();
            routes.MapApps();
            routes.MapSources();
            routes.MapApiKeys();
            routes.MapAudit();
            routes.MapGrpcService<AccountsCalls>().RequireService();
        }
    }
}
