using System.Text.Json;

namespace Tributary.Ingestion.Tests.Receiving;

/// <summary>The fields of an event as they are read from the document model, slowly and plainly.</summary>
internal static class DocumentModel
{
    public static (string, string, string, string, string, string, string, string) Essence(JsonElement sent)
    {
        var context = Get(sent, "context");
        var type = Text(Get(sent, "type"));
        return (
            Text(Get(sent, "userId")).Trim(' ', '\t', '\r', '\n', '\v', '\f'),
            Text(Get(sent, "anonymousId")).Trim(' ', '\t', '\r', '\n', '\v', '\f'),
            type == "track" ? Text(Get(sent, "event")) : "", Text(Get(sent, "channel")), Text(Get(context, "locale")),
            Raw(Get(sent, "properties")), Raw(context), Text(Get(Get(context, "page"), "url")));
    }

    private static JsonElement Get(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var found) ? found : default;

    private static string Raw(JsonElement element) =>
        element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "" : element.GetRawText();

    private static string Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => "",
    };
}
