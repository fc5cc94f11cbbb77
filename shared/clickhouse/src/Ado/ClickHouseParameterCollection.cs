using System.Collections;
using System.Data.Common;

namespace Tributary.ClickHouse;

/// <summary>A command's parameters.</summary>
public sealed class ClickHouseParameterCollection : DbParameterCollection
{
    private readonly List<ClickHouseDbParameter> parameters = [];

    public override int Count => parameters.Count;

    public override object SyncRoot => ((ICollection)parameters).SyncRoot;

    /// <summary>Adds a value for <c>{name:Type}</c> or <c>@name</c>.</summary>
    public ClickHouseDbParameter AddWithValue(string name, object? value)
    {
        var parameter = new ClickHouseDbParameter { ParameterName = name, Value = value };
        parameters.Add(parameter);
        return parameter;
    }

    public override int Add(object value)
    {
        parameters.Add((ClickHouseDbParameter)value);
        return Count - 1;
    }

    public override void AddRange(Array values) => parameters.AddRange(values.Cast<ClickHouseDbParameter>());

    public override void Clear() => parameters.Clear();

    public override bool Contains(object value) => parameters.Contains((ClickHouseDbParameter)value);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)parameters).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => parameters.GetEnumerator();

    public override int IndexOf(object value) => parameters.IndexOf((ClickHouseDbParameter)value);

    public override int IndexOf(string parameterName) =>
        parameters.FindIndex(parameter => parameter.ParameterName == parameterName.TrimStart('@'));

    public override void Insert(int index, object value) => parameters.Insert(index, (ClickHouseDbParameter)value);

    public override void Remove(object value) => parameters.Remove((ClickHouseDbParameter)value);

    public override void RemoveAt(int index) => parameters.RemoveAt(index);

    public override void RemoveAt(string parameterName) => parameters.RemoveAt(IndexOf(parameterName));

    protected override DbParameter GetParameter(int index) => parameters[index];

    protected override DbParameter GetParameter(string parameterName) => parameters[IndexOf(parameterName)];

    protected override void SetParameter(int index, DbParameter value) =>
        parameters[index] = (ClickHouseDbParameter)value;

    protected override void SetParameter(string parameterName, DbParameter value) =>
        parameters[IndexOf(parameterName)] = (ClickHouseDbParameter)value;
}
