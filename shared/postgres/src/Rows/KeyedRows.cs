namespace Tributary.Postgres.Rows;

/// <summary>
/// Makes of a batch's events one row per key, in key order: what a statement with <c>unnest</c> must be given, so that
/// no event is silently left out and two writers of the same rows wait for each other instead of deadlocking.
/// </summary>
public static class KeyedRows
{
    extension<TEvent>(IEnumerable<TEvent> events)
    {
        /// <param name="add">Of two values of one key, in the events' order.</param>
        public IReadOnlyList<KeyValuePair<TKey, TValue>> PerKey<TKey, TValue>(
            Func<TEvent, TKey> key, Func<TEvent, TValue> value, Func<TValue, TValue, TValue> add)
            where TKey : IComparable<TKey>
        {
            var rows = new SortedDictionary<TKey, TValue>();
            foreach (var one in events)
            {
                var place = key(one);
                rows[place] = rows.TryGetValue(place, out var so) ? add(so, value(one)) : value(one);
            }

            return [.. rows];
        }
    }

    extension<TKey, TValue>(IReadOnlyList<KeyValuePair<TKey, TValue>> rows)
    {
        /// <summary>One of the arrays that <c>unnest</c> takes, row by row.</summary>
        public TColumn[] Column<TColumn>(Func<TKey, TValue, TColumn> column) =>
            [.. rows.Select(row => column(row.Key, row.Value))];
    }
}
