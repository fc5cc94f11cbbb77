using System.Globalization;
using System.Text;

namespace Tributary.EmbeddedKafka.Generator;

/// <summary>Writes the C# of one message: its fields, how it is read and how it is written.</summary>
internal sealed class Codec(Definition definition)
{
    private const string Word = "flexible";

    private readonly StringBuilder code = new();
    private readonly Queue<(string Name, List<Field> Fields, Versions Offered)> structures = new();
    private readonly HashSet<string> queued = [];
    private string flexible = "";
    private int depth;

    public string Write()
    {
        Line("// Made by shared/embedded-kafka/generator from Kafka's message definitions.");
        Line("#nullable enable");
        Line("namespace Tributary.EmbeddedKafka.Wire;");
        Line();
        var kind = definition.Name.EndsWith("Request", StringComparison.Ordinal) ? "IRequest" : "IResponse";
        Open($"internal sealed class {definition.Name} : {kind}<{definition.Name}>");
        Members(definition.Name, definition.Fields, definition.Offered);
        while (structures.TryDequeue(out var structure))
        {
            Line();
            Open($"internal sealed class {structure.Name} : IElement");
            Members(structure.Name, structure.Fields, structure.Offered);
            Close();
        }

        Close();
        return code.ToString();
    }

    private void Members(string name, List<Field> all, Versions offered)
    {
        var fields = all.Where(field => !field.Present.And(offered).IsEmpty).ToList();
        foreach (var field in fields) Line(Declaration(field));
        Line();
        Reading(name, fields, offered);
        Line();
        Writing(fields, offered);

        foreach (var field in fields.Where(field => field.IsStructure && queued.Add(field.Element)))
        {
            var inner = field.Fields.Count > 0 ? field.Fields : definition.Shared[field.Element];
            structures.Enqueue((TypeName(field.Element), inner, offered.And(field.Present)));
        }
    }

    /// <summary>A structure is nested in its message, where a field may already have its name.</summary>
    private string TypeName(string element) =>
        definition.Fields.Any(field => field.Name == element) ? element + "Value" : element;

    private string Declaration(Field field)
    {
        var element = field.IsStructure ? TypeName(field.Element) : Primitive(field.Element);
        var nullable = !field.Nullable.IsEmpty;
        if (field.IsArray)
        {
            return nullable
                ? $"public List<{element}>? {field.Name}{(field.Default == "null" ? "" : " = []")};"
                : $"public List<{element}> {field.Name} = [];";
        }

        if (field.IsStructure) return $"public {element}? {field.Name};";
        if (field.Element is "bytes" or "records")
            return $"public {element}{(nullable && field.Element == "bytes" ? "?" : "")} {field.Name};";
        if (field.Element == "string")
        {
            return field.Default == "null" ? $"public string? {field.Name};"
                : $"public string{(nullable ? "?" : "")} {field.Name} = \"{field.Default}\";";
        }

        var initial = Initial(field);
        return $"public {element} {field.Name}{(initial is null ? "" : $" = {initial}")};";
    }

    private static string? Initial(Field field) =>
        field.Default is null or "0" or "false" or "" ? null
        : field.Default.StartsWith("0x", StringComparison.Ordinal)
            ? Convert.ToInt64(field.Default, 16).ToString(CultureInfo.InvariantCulture)
            : field.Default;

    private static string Primitive(string type) => type switch
    {
        "bool" => "bool",
        "int8" => "sbyte",
        "int16" => "short",
        "uint16" => "ushort",
        "int32" => "int",
        "int64" => "long",
        "float64" => "double",
        "string" => "string",
        "uuid" => "Guid",
        "bytes" => "ReadOnlyMemory<byte>",
        "records" => "Records",
        _ => throw new NotSupportedException(type),
    };

    private static string Method(string type) => type switch
    {
        "bytes" => "Bytes",
        "records" => "Records",
        "string" => "String",
        _ => type[..1].ToUpperInvariant() + type[1..],
    };

    /// <summary>
    /// Declares whether lengths are compact; where all versions agree, the answer is written in its places.
    /// </summary>
    private void BeginFlexible(Versions offered)
    {
        flexible = definition.Flexible.Condition(offered);
        if (flexible is not ("true" or "false")) Line($"var flexible = {flexible};");
    }

    private static bool Sized(string element) => element is "string" or "bytes" or "records";

    private void Reading(string name, List<Field> fields, Versions offered)
    {
        Open($"public static {name} Read(WireReader reader, short version)");
        BeginFlexible(offered);
        Line($"var message = new {name}();");
        foreach (var field in fields)
        {
            var plain = Plain(field, offered);
            if (plain == "false") continue;
            var read = $"message.{field.Name} = {ReadValue(field)};";
            Line(plain == "true" ? read : $"if ({plain}) {read}");
        }

        if (flexible != "false")
        {
            var tagged = fields.Where(field => !field.Tagged.And(offered).IsEmpty).ToList();
            if (tagged.Count == 0)
            {
                Line("if (flexible) reader.SkipTags();");
            }
            else
            {
                Line("if (!flexible) return message;");
                Open("for (var tags = reader.TagCount(); tags > 0; tags--)");
                Open("switch (reader.Tag(out var size))");
                foreach (var field in tagged)
                    Line($"case {field.Tag}: message.{field.Name} = {ReadValue(field)}; break;");
                Line("default: reader.Skip(size); break;");
                Close();
                Close();
            }
        }

        Line("return message;");
        Close();
    }

    private static string Plain(Field field, Versions offered)
    {
        if (field.Tagged.IsEmpty) return field.Present.Condition(offered);
        var before = new Versions(field.Present.First, field.Tagged.First - 1);
        return before.And(offered).IsEmpty ? "false" : before.Condition(offered);
    }

    private string ReadValue(Field field)
    {
        var nullable = !field.Nullable.IsEmpty;
        if (field.IsArray)
        {
            var element = field.IsStructure
                ? $"{TypeName(field.Element)}.Read"
                : $"static (r, _) => r.{Method(field.Element)}({(Sized(field.Element) ? "#" : "")})";
            if (element.Contains('#', StringComparison.Ordinal))
                return nullable ? "reader.NullableStrings(flexible)" : "reader.Strings(flexible)";
            return $"reader.{(nullable ? "Nullable" : "")}Array(flexible, version, {element})";
        }

        if (field.IsStructure)
        {
            var type = TypeName(field.Element);
            return nullable ? $"reader.Present() ? {type}.Read(reader, version) : null"
                : $"{type}.Read(reader, version)";
        }

        var prefix = nullable && field.Element is ("string" or "bytes") ? "Nullable" : "";
        return $"reader.{prefix}{Method(field.Element)}({(Sized(field.Element) ? "flexible" : "")})";
    }

    private void Writing(List<Field> fields, Versions offered)
    {
        Open("public void Write(WireWriter writer, short version)");
        BeginFlexible(offered);
        foreach (var field in fields)
        {
            var plain = Plain(field, offered);
            if (plain == "false") continue;
            var write = WriteValue(field) + ";";
            Line(plain == "true" ? write : $"if ({plain}) {write}");
        }

        if (flexible != "false") WriteTags(fields.Where(field => !field.Tagged.And(offered).IsEmpty).ToList(), offered);
        Close();
    }

    private void WriteTags(List<Field> tagged, Versions offered)
    {
        if (tagged.Count == 0)
        {
            Line("if (flexible) writer.NoTags();");
            return;
        }

        Line("if (!flexible) return;");
        Line("var tags = writer.BeginTags();");
        foreach (var field in tagged.OrderBy(field => field.Tag))
        {
            var condition = field.Tagged.Condition(offered);
            var differs = Differs(field);
            Open($"if ({(condition == "true" ? "" : condition + " && ")}{differs})");
            Line($"var at = writer.BeginTag(ref tags, {field.Tag});");
            Line(WriteValue(field) + ";");
            Line("writer.EndTag(at);");
            Close();
        }

        Line("writer.EndTags(tags);");
    }

    private static string Differs(Field field)
    {
        if (field.IsArray) return $"{field.Name} is {{ Count: > 0 }}";
        if (field.IsStructure || field.Default == "null") return $"{field.Name} is not null";
        return field.Element switch
        {
            "string" => $"{field.Name} != \"{field.Default}\"",
            "bool" => $"{(field.Default == "true" ? "!" : "")}{field.Name}",
            "uuid" => $"{field.Name} != Guid.Empty",
            _ => $"{field.Name} != {Initial(field) ?? "0"}",
        };
    }

    private static string WriteValue(Field field)
    {
        if (field.IsArray)
        {
            if (field.IsStructure) return $"writer.Array({field.Name}, flexible, version)";
            return Sized(field.Element)
                ? $"writer.Strings({field.Name}, flexible)"
                : $"writer.Array({field.Name}, flexible, static (w, item) => w.{Method(field.Element)}(item))";
        }

        if (field.IsStructure)
        {
            return field.Nullable.IsEmpty
                ? $"({field.Name} ?? new()).Write(writer, version)"
                : $"writer.Nullable({field.Name}, version)";
        }

        return $"writer.{Method(field.Element)}({field.Name}{(Sized(field.Element) ? ", flexible" : "")})";
    }

    private void Open(string line)
    {
        Line(line);
        Line("{");
        depth++;
    }

    private void Close()
    {
        depth--;
        Line("}");
    }

    private void Line(string text = "")
    {
        if (flexible is "true" or "false")
        {
            if (text == $"if (!{Word}) return message;" || text == $"if (!{Word}) return;") return;
            text = text.Replace($"if ({Word}) ", "", StringComparison.Ordinal)
                .Replace(Word, flexible, StringComparison.Ordinal);
        }

        code.Append(text.Length == 0 ? "" : new string(' ', depth * 4)).Append(text).Append('\n');
    }
}
