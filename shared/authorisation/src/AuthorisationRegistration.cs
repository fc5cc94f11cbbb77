using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Tributary.Authorisation.Http;
using Tributary.Authorisation.Services;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Hosting;
using Tributary.Streaming.Following;

namespace Tributary.Authorisation;

/// <summary>How a service knows its callers.</summary>
public static class AuthorisationRegistration
{
    internal const string Line = "accounts";

    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Follows <c>accounts.v1</c> and guards endpoints that say <c>RequirePermission</c> or <c>RequireService</c>.
        /// Called again, by another service of the host, it changes nothing.
        /// </summary>
        public void AddAccountDirectory()
        {
            if (builder.Services.Any(service => service.ServiceType == typeof(DirectoryReady))) return;

            // Who put a directory of their own there, as tests and benches do, tells it what it knows.
            var isTold = builder.Services.Any(service => service.ServiceType == typeof(AccountDirectory));
            builder.Services.TryAddSingleton(TimeProvider.System);
            if (!isTold) builder.AddFollower<AccountState, AccountDirectory>(Line, Topics.Accounts);
            builder.Services.AddSingleton(provider => new DirectoryReady(
                () => provider.GetKeyedService<FollowerStatus>(Line) is not { IsReady: false }));

            builder.Services.AddAuthorization();
            builder.Services.AddSingleton<IAuthorizationHandler, AllowByPermission>();
            builder.Services.AddSingleton<IAuthorizationHandler, AllowServices>();
            builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AnswerRefusals>();
            builder.AddServiceKey();
        }
    }
}

/// <summary>Whether the directory knew every organisation once.</summary>
public sealed record DirectoryReady(Func<bool> IsReady);
