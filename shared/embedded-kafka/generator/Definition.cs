using System.Globalization;
using System.Text.Json;

namespace Tributary.EmbeddedKafka.Generator;

/// <summary>A range of versions as the definitions write it: "none", "3", "3+" or "3-5".</summary>
internal readonly record struct Versions(int First, int Last)
{
    public static readonly Versions None = new(1, 0);

    public static Versions Parse(string text)
    {
        if (text is "none" or "") return None;
        if (text.EndsWith('+')) return new Versions(Number(text[..^1]), int.MaxValue);

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0
            ? new Versions(Number(text), Number(text))
            : new Versions(Number(text[..dash]), Number(text[(dash + 1)..]));
    }

    public bool IsEmpty => First > Last;
    public Versions And(Versions other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));
    public bool Covers(Versions other) => other.IsEmpty || (First <= other.First && other.Last <= Last);

    /// <summary>
    /// The C# condition on <c>version</c> that holds in this range, of those in <paramref name="offered"/>.
    /// </summary>
    public string Condition(Versions offered)
    {
        if (Covers(offered)) return "true";
        if (And(offered).IsEmpty) return "false";
        if (First <= offered.First) return $"version <= {Last}";
        if (Last >= offered.Last) return $"version >= {First}";
        return First == Last ? $"version == {First}" : $"version is >= {First} and <= {Last}";
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One field of a message, or of a structure inside it.</summary>
internal sealed record Field(
    string Name,
    string Type,
    Versions Present,
    Versions Nullable,
    Versions Tagged,
    int Tag,
    string? Default,
    List<Field> Fields)
{
    public bool IsArray => Type.StartsWith("[]", StringComparison.Ordinal);
    public string Element => IsArray ? Type[2..] : Type;
    public bool IsStructure => char.IsUpper(Element[0]);

    public static Field Parse(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        json.GetProperty("type").GetString()!.Trim(),
        Versions.Parse(Text(json, "versions") ?? ""),
        Versions.Parse(Text(json, "nullableVersions") ?? "none"),
        Versions.Parse(Text(json, "taggedVersions") ?? "none"),
        json.TryGetProperty("tag", out var tag) ? tag.GetInt32() : -1,
        Text(json, "default"),
        ParseAll(json, "fields"));

    public static List<Field> ParseAll(JsonElement json, string name) =>
        json.TryGetProperty(name, out var fields) ? [.. fields.EnumerateArray().Select(Parse)] : [];

    private static string? Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.GetRawText();
}

/// <summary>One request or response as Kafka defines it, cut to the versions that are offered.</summary>
internal sealed record Definition(
    int Key, string Name, Versions Offered, Versions Flexible, List<Field> Fields, Dictionary<string,
        List<Field>> Shared)
{
    public static Definition Read(string path, Versions offered)
    {
        var options =
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var document = JsonDocument.Parse(File.ReadAllText(path), options);
        var root = document.RootElement;
        var shared = root.TryGetProperty("commonStructs", out var structures)
            ? structures.EnumerateArray()
                .ToDictionary(s => s.GetProperty("name").GetString()!, s => Field.ParseAll(s, "fields"))
            : [];
        return new Definition(
            root.GetProperty("apiKey").GetInt32(),
            root.GetProperty("name").GetString()!,
            offered,
            Versions.Parse(root.GetProperty("flexibleVersions").GetString()!),
            Field.ParseAll(root, "fields"),
            shared);
    }
}
