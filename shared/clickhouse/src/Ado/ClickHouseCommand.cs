using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Tributary.ClickHouse.Parameters;

namespace Tributary.ClickHouse;

/// <summary>
/// ADO.NET's command: one statement, one request. Cancelling the token ends the query on the server too.
/// </summary>
public sealed class ClickHouseCommand : DbCommand
{
    private readonly CancellationTokenSource cancelled = new();

    [AllowNull]
    public override string CommandText { get; set; } = "";

    /// <summary>Seconds until the answer has to begin; 0 is the connection's time.</summary>
    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <summary>Settings for this statement alone.</summary>
    public Dictionary<string, string> CustomSettings { get; } = [];

    public string? QueryId { get; set; }

    public new ClickHouseConnection? Connection { get; set; }

    public new ClickHouseParameterCollection Parameters { get; } = [];

    protected override DbConnection? DbConnection
    {
        get => Connection;
        set => Connection = (ClickHouseConnection?)value;
    }

    protected override DbParameterCollection DbParameterCollection => Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => cancelled.Cancel();

    public override void Prepare()
    {
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cancelled.Token);
        await Client.ExecuteAsync(Statement, Options, either.Token);
        return -1; // As ADO.NET says what is not known: the server's counts include what views write.
    }

    public override int ExecuteNonQuery() => ExecuteNonQueryAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using var reader = await ExecuteDbDataReaderAsync(CommandBehavior.Default, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : null;
    }

    public override object? ExecuteScalar() => ExecuteScalarAsync(CancellationToken.None).GetAwaiter().GetResult();

    protected override DbParameter CreateDbParameter() => new ClickHouseDbParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        ExecuteDbDataReaderAsync(behavior, CancellationToken.None).GetAwaiter().GetResult();

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior,
        CancellationToken cancellationToken)
    {
        var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cancelled.Token);
        var blocks = await Client.QueryAsync(Statement, Options, either.Token);
        var reader = new ClickHouseDataReader(blocks, either);
        await reader.BeginAsync(either.Token);
        return reader;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) cancelled.Dispose();
        base.Dispose(disposing);
    }

    private ClickHouseClient Client =>
        Connection?.Client ?? throw new InvalidOperationException("The command has no connection.");

    private string Statement => NamedParameters.Rewrite(CommandText,
        Parameters.Cast<ClickHouseDbParameter>()
            .ToDictionary(parameter => parameter.ParameterName, parameter => parameter.SentType));

    private QueryOptions Options => new()
    {
        Parameters = Parameters.Cast<ClickHouseDbParameter>()
            .ToDictionary(parameter => parameter.ParameterName, parameter => parameter.Value),
        Settings = CustomSettings,
        QueryId = QueryId,
        Timeout = CommandTimeout > 0 ? TimeSpan.FromSeconds(CommandTimeout) : null,
    };
}
