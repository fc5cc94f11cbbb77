using Microsoft.Extensions.Options;
using Npgsql;
using Tributary.Accounts.Changing;
using Tributary.Hosting;
using Tributary.Postgres;

namespace Tributary.Accounts.SettingUp;

public static class RunOrSetUp
{
    extension(WebApplication app)
    {
        /// <summary>
        /// The last line of a Program with accounts: <c>--first-organisation</c> makes it where there is none and
        /// prints what may be printed again, <c>--administrator-key</c> prints a further key, <c>--migrate</c> and
        /// <c>--renew-outbox</c> are PostgreSQL's; each ends the process. Otherwise the host runs.
        /// </summary>
        public Task<int> RunOrSetUpAsync(string[] args) => args switch
        {
            _ when args.Contains("--first-organisation") => app.PrintAsync(FirstOrganisation.MakeOnceAsync),
            _ when args.Contains("--administrator-key") => app.PrintAsync(FirstOrganisation.AdministratorKeyAsync),
            _ when args.Contains("--migrate") || args.Contains("--renew-outbox") => app.RunOrMigrateAsync(args),
            _ => app.RunServiceAsync(),
        };

        private async Task<int> PrintAsync(
            Func<AccountStore, CancellationToken, Task<IReadOnlyList<string>>> setUp)
        {
            await using (app)
            {
                try
                {
                    var store = app.Services.GetRequiredService<AccountStore>();
                    foreach (var line in await setUp(store, CancellationToken.None)) Console.WriteLine(line);
                    return 0;
                }
                catch (Exception refused) when (refused is NpgsqlException or CommitUnknownException
                                                    or OptionsValidationException or UnsafeRoleException)
                {
                    await Console.Error.WriteLineAsync(refused.Message);
                    return 1;
                }
            }
        }
    }
}
