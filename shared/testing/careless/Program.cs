using Npgsql;
using Tributary.Careless;

// Reads a topic into PostgreSQL the way that tempts, so that the rig can show that it would notice.
var options = CarelessOptions.FromEnvironment(Environment.GetEnvironmentVariable);
await using var database = NpgsqlDataSource.Create(options.Database);
new CarelessReader(options, database).Run();
