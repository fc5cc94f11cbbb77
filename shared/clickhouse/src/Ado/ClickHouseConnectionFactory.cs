using System.Data.Common;

namespace Tributary.ClickHouse;

/// <summary>ADO.NET's factory, for what is told by name which database it speaks to.</summary>
public sealed class ClickHouseConnectionFactory : DbProviderFactory
{
    public static readonly ClickHouseConnectionFactory Instance = new();

    private ClickHouseConnectionFactory()
    {
    }

    public override DbConnection CreateConnection() => new ClickHouseConnection();

    public override DbCommand CreateCommand() => new ClickHouseCommand();

    public override DbParameter CreateParameter() => new ClickHouseDbParameter();

    public override DbConnectionStringBuilder CreateConnectionStringBuilder() =>
        new ClickHouseConnectionStringBuilder();
}
