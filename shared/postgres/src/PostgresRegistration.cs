using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tributary.Postgres.Migrations;
using Tributary.Postgres.Offsets;
using Tributary.Streaming;

namespace Tributary.Postgres;

public static class PostgresRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Gives a service its schema: <see cref="ServiceDatabase"/>, <see cref="PostgresOffsets"/> and
        /// <see cref="IOffsetStore"/> under the service's name as key, its migrations at start, and its health line.
        /// </summary>
        /// <param name="migrations">The assembly that embeds the service's <c>migrations/*.sql</c>.</param>
        public void AddPostgres(string service, Assembly migrations)
        {
            var services = builder.Services;
            builder.Logging.AddFilter("Npgsql", LogLevel.Warning); // Else a line for every statement.
            services.AddOptions<DatabaseOptions>()
                .BindConfiguration("Database")
                .ValidateDataAnnotations()
                .Validate(IsUsable, "Database:Url (DATABASE_URL) must be a postgres:// URL with a host, a user and a "
                    + "database name, or an Npgsql connection string")
                .ValidateOnStart();

            services.AddKeyedSingleton(service, (provider, _) => new ServiceDatabase(
                service,
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value,
                provider.GetRequiredService<ILoggerFactory>()));
            services.AddKeyedSingleton(service, (provider, _) => new PostgresOffsets(Database(provider)));
            services.AddKeyedSingleton<IOffsetStore>(
                service, (provider, _) => provider.GetRequiredKeyedService<PostgresOffsets>(service));
            services.AddKeyedSingleton(service, (provider, _) => new Migrator(
                Database(provider),
                Migration.Of(service, migrations),
                provider.GetRequiredService<ILogger<Migrator>>()));
            services.AddSingleton<IHostedService>(provider => new MigrateAtStart(
                Database(provider),
                provider.GetRequiredKeyedService<Migrator>(service),
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetRequiredService<ILogger<MigrateAtStart>>()));
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"postgres-{service}", provider => new DatabaseHealth(Database(provider)), null, ["ready"]));
            services.AddSingleton(new MigratedService(service));

            ServiceDatabase Database(IServiceProvider provider) =>
                provider.GetRequiredKeyedService<ServiceDatabase>(service);
        }
    }

    private static bool IsUsable(DatabaseOptions options)
    {
        try
        {
            if (options.Url.Length > 0) DatabaseAddress.Parse(options.Url); // Of an empty one, [Required] speaks.
            return true;
        }
        catch (InvalidDatabaseUrlException)
        {
            return false;
        }
    }
}

/// <summary>A service of this host that has migrations.</summary>
internal sealed record MigratedService(string Name);
