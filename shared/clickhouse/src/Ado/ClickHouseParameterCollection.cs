using System.Collections;
using System.Data.Common;

namespace Tributary.ClickHouse;

/// <summary>A command's parameters.</summary>
public sealed class ClickHouseParameterCollection : DbParameterCollection
{
    private readonly List<ClickHouseParameter> parameters = [];

    public override int Count => parameters.Count;

    public override object SyncRoot => ((ICollection)parameters).SyncRoot;

    /// <summary>Adds a value for <c>{name:Type}</c> or <c>@name</c>.</summary>
    public ClickHouseParameter AddWithValue(string name, object? value)
    {
        var parameter = new ClickHouseParameter { ParameterName = name, Value = value };
        parameters.Add(parameter);
        return parameter;
    }

    public override int Add(object value)
    {
        parameters.Add((ClickHouseParameter)value);
        return Count - 1;
    }

    public override void AddRange(Array values) => parameters.AddRange(values.Cast<ClickHouseParameter>());

    public override void Clear() => parameters.Clear();

    public override bool Contains(object value) => parameters.Contains((ClickHouseParameter)value);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)parameters).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => parameters.GetEnumerator();

    public override int IndexOf(object value) => parameters.IndexOf((ClickHouseParameter)value);

    public override int IndexOf(string parameterName) =>
        parameters.FindIndex(parameter => parameter.ParameterName == parameterName.TrimStart('@'));

    public override void Insert(int index, object value) => parameters.Insert(index, (ClickHouseParameter)value);

    public override void Remove(object value) => parameters.Remove((ClickHouseParameter)value);

    public override void RemoveAt(int index) => parameters.RemoveAt(index);

    public override void RemoveAt(string parameterName) => parameters.RemoveAt(IndexOf(parameterName));

    protected override DbParameter GetParameter(int index) => parameters[index];

    protected override DbParameter GetParameter(string parameterName) => parameters[IndexOf(parameterName)];

    protected override void SetParameter(int index, DbParameter value) =>
        parameters[index] = (ClickHouseParameter)value;

    protected override void SetParameter(string parameterName, DbParameter value) =>
        parameters[IndexOf(parameterName)] = (ClickHouseParameter)value;
}
