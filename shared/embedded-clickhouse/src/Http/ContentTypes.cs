namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>The Content-Type that ClickHouse gives a format.</summary>
internal static class ContentTypes
{
    public static string Of(string format)
    {
        if (format.StartsWith("TabSeparated", StringComparison.Ordinal)
            || format.StartsWith("TSV", StringComparison.Ordinal))
        {
            return "text/tab-separated-values; charset=UTF-8";
        }

        if (format.StartsWith("CSV", StringComparison.Ordinal))
        {
            var header = format.Contains("WithNames", StringComparison.Ordinal) ? "present" : "absent";
            return $"text/csv; charset=UTF-8; header={header}";
        }

        if (format.Contains("EachRow", StringComparison.Ordinal) && format.Contains("JSON", StringComparison.Ordinal))
        {
            return "application/x-ndjson; charset=UTF-8";
        }

        if (format.Contains("JSON", StringComparison.Ordinal)) return "application/json; charset=UTF-8";
        return format switch
        {
            "XML" => "application/xml; charset=UTF-8",
            "Native" or "RowBinary" or "RowBinaryWithNames" or "RowBinaryWithNamesAndTypes" or "Parquet" or "ORC"
                or "Arrow" or "ArrowStream" or "Avro" or "MsgPack" or "Npy" or "RawBLOB" => "application/octet-stream",
            _ => "text/plain; charset=UTF-8",
        };
    }
}
