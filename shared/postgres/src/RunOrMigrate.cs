using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tributary.Postgres.Migrations;

namespace Tributary.Postgres;

public static class RunOrMigrate
{
    extension(IHost host)
    {
        /// <summary>
        /// The last line of a Program: <c>--migrate</c> applies the migrations of the host's services and ends,
        /// <c>--renew-outbox</c> gives each of them a new outbox id and ends; otherwise the host runs.
        /// </summary>
        /// <returns>The process's exit code.</returns>
        public async Task<int> RunOrMigrateAsync(string[] args)
        {
            if (args.Contains("--migrate")) return await host.EachAsync(MigrateAsync);
            if (args.Contains("--renew-outbox")) return await host.EachAsync(RenewOutboxAsync);

            await host.RunAsync();
            return 0;
        }

        private async Task<int> EachAsync(Func<ServiceDatabase, Migrator, Task<string>> doWith)
        {
            using (host)
            {
                try
                {
                    foreach (var service in host.Services.GetServices<MigratedService>())
                        Console.WriteLine($"{service.Name}: " + await doWith(
                            host.Services.GetRequiredKeyedService<ServiceDatabase>(service.Name),
                            host.Services.GetRequiredKeyedService<Migrator>(service.Name)));
                    return 0;
                }
                catch (Exception refused) when (refused is MigrationRefusedException or Npgsql.NpgsqlException
                                                    or Microsoft.Extensions.Options.OptionsValidationException)
                {
                    await Console.Error.WriteLineAsync(refused.Message);
                    return 1;
                }
            }
        }
    }

    private static async Task<string> MigrateAsync(ServiceDatabase database, Migrator migrator) =>
        $"{await migrator.MigrateAsync(CancellationToken.None)} migrations applied";

    private static async Task<string> RenewOutboxAsync(ServiceDatabase database, Migrator migrator)
    {
        await using var owner = database.OpenAsOwner();
        await using var renew = owner.CreateCommand("select outbox_renew()");
        return $"the outbox is now {await renew.ExecuteScalarAsync()}";
    }
}
