using System.Buffers.Text;
using System.Text.Json;

namespace Tributary.Ingestion.Storing;

/// <summary>What an event's properties say of money. Pure; no allocation.</summary>
internal readonly ref struct EventMoney
{
    private const long Scale = 10_000;
    private const decimal Max = 10_000_000_000_000m; // Of Decimal(18, 4), with a digit to spare.

    private EventMoney(long revenue, ReadOnlySpan<byte> currency)
    {
        Revenue = revenue;
        Currency = currency;
    }

    /// <summary>In ten-thousandths; 0 where there is none, or none that can be kept.</summary>
    public long Revenue { get; }

    /// <summary>As it lies in the properties.</summary>
    public ReadOnlySpan<byte> Currency { get; }

    /// <param name="properties">JSON, or nothing; what is no JSON says nothing of money.</param>
    public static EventMoney Of(ReadOnlySpan<byte> properties)
    {
        if (properties.IndexOf("revenue\""u8) < 0 && properties.IndexOf("value\""u8) < 0
            && properties.IndexOf("currency\""u8) < 0)
            return default;
        try
        {
            return Read(properties);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static EventMoney Read(ReadOnlySpan<byte> properties)
    {
        var reader = new Utf8JsonReader(properties);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
        long? revenue = null, value = null;
        ReadOnlySpan<byte> currency = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isRevenue, isValue) = (reader.ValueTextEquals("revenue"u8), reader.ValueTextEquals("value"u8));
            var isCurrency = reader.ValueTextEquals("currency"u8);
            reader.Read();
            if (isRevenue) revenue = Amount(ref reader);
            else if (isValue) value = Amount(ref reader);
            else if (isCurrency && reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false })
                currency = reader.ValueSpan;
            reader.Skip();
        }
        return new EventMoney(revenue ?? value ?? 0, currency);
    }

    private static long? Amount(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return null;
        var text = reader.ValueSpan;
        if (!Utf8Parser.TryParse(text, out decimal amount, out var read) || read != text.Length) return null;
        return Math.Abs(amount) < Max ? (long)decimal.Round(amount * Scale) : null;
    }
}
