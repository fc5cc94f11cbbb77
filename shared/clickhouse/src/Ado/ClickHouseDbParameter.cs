using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Tributary.ClickHouse.Parameters;

namespace Tributary.ClickHouse;

/// <summary>
/// A value for <c>{name:Type}</c>, or for <c>@name</c>, where its type is this one's or follows from the value.
/// </summary>
public sealed class ClickHouseDbParameter : DbParameter
{
    private string name = "";

    /// <summary>ClickHouse's type, where the value's own would not do.</summary>
    public string ClickHouseType { get; set; } = "";

    public override DbType DbType { get; set; } = DbType.Object;

    public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;

    public override bool IsNullable { get; set; }

    [AllowNull]
    public override string ParameterName
    {
        get => name;
        set => name = value?.TrimStart('@') ?? "";
    }

    public override int Size { get; set; }

    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    public override bool SourceColumnNullMapping { get; set; }

    public override object? Value { get; set; }

    internal string SentType => ClickHouseType.Length > 0 ? ClickHouseType : NamedParameters.TypeOf(Value);

    public override void ResetDbType() => DbType = DbType.Object;
}
