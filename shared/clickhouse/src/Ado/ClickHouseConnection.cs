using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Tributary.ClickHouse;

/// <summary>
/// ADO.NET's connection. Opening asks the server for its version; there is nothing else to open, since every command is
/// a request of its own over connections that are shared by all commands of this object.
/// </summary>
public sealed class ClickHouseConnection : DbConnection
{
    private ClickHouseClient? client;
    private string connectionString = "";
    private ConnectionState state;
    private string version = "";

    public ClickHouseConnection()
    {
    }

    public ClickHouseConnection(string connectionString)
    {
        ConnectionString = connectionString;
    }

    [AllowNull]
    public override string ConnectionString
    {
        get => connectionString;
        set
        {
            if (state != ConnectionState.Closed) throw new InvalidOperationException("The connection is open.");
            connectionString = value ?? "";
            client?.Dispose();
            client = null;
        }
    }

    public override string Database => Client.Settings.Database;

    public override string DataSource => Client.Settings.Address.ToString();

    public override string ServerVersion => version;

    public override ConnectionState State => state;

    internal ClickHouseClient Client => client ??= new ClickHouseClient(connectionString);

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var reader = await Client.QueryAsync("select version()", options: null, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        version = (string)reader.Block[0].Value(0)!;
        state = ConnectionState.Open;
    }

    public override void Open() => OpenAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override void Close() => state = ConnectionState.Closed;

    public override void ChangeDatabase(string databaseName)
    {
        var open = state;
        state = ConnectionState.Closed;
        var changed = new ClickHouseConnectionStringBuilder(connectionString) { Database = databaseName };
        ConnectionString = changed.ConnectionString;
        state = open;
    }

    /// <summary>A command with ClickHouse's own members.</summary>
    public new ClickHouseCommand CreateCommand() => new() { Connection = this };

    /// <summary>A command with its statement.</summary>
    public ClickHouseCommand CreateCommand(string statement) => new() { Connection = this, CommandText = statement };

    public override DataTable GetSchema() => GetSchema("Databases");

    public override DataTable GetSchema(string collectionName) => GetSchema(collectionName, []);

    /// <summary><c>Databases</c>, <c>Tables</c> or <c>Columns</c>, of a database, a table, a column.</summary>
    public override DataTable GetSchema(string collectionName, string?[] restrictionValues) =>
        SchemaCollections.ReadAsync(this, collectionName, restrictionValues, CancellationToken.None)
            .GetAwaiter().GetResult();

    protected override DbProviderFactory DbProviderFactory => ClickHouseConnectionFactory.Instance;

    protected override DbCommand CreateDbCommand() => CreateCommand();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException("ClickHouse has no transactions; an insert is atomic per block and partition.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) client?.Dispose();
        base.Dispose(disposing);
    }
}
