using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Tributary.Contracts.Tests;

public class The_wire_stays_as_it_is
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation());

    [TestCaseSource(nameof(Messages))]
    public void A_message_reads_as_the_golden_bytes_say_and_writes_them(string name)
    {
        var type = Schema.Messages.Single(message => message.Name == name);
        if (Golden.Writing) WriteSample(type);

        var bytes = Golden.FromHex(Golden.Read($"{name}.hex"));
        var json = Golden.Read($"{name}.json").TrimEnd('\n');

        Assert.That(Formatter.Format(type.Parser.ParseFrom(bytes)), Is.EqualTo(json), "what the bytes mean");
        Assert.That(type.Parser.ParseJson(json).ToByteArray(), Is.EqualTo(bytes), "what is written");
    }

    [TestCaseSource(nameof(Messages))]
    public void A_golden_message_has_every_field_set(string name)
    {
        var type = Schema.Messages.Single(message => message.Name == name);

        var message = type.Parser.ParseFrom(Golden.FromHex(Golden.Read($"{name}.hex")));

        var unset = type.Fields.InFieldNumberOrder().Where(field => IsEmpty(message, field));
        Assert.That(unset.Select(field => field.Name), Is.Empty, "a field that no golden file pins");
    }

    [Test]
    public void No_golden_file_is_left_over()
    {
        var files = Golden.Names().Select(Path.GetFileNameWithoutExtension).Distinct();

        Assert.That(files, Is.EquivalentTo(Messages().Concat(["schema", "topics"])));
    }

    [Test]
    public void No_field_number_type_or_call_changes() => Golden.Match("schema.txt", Schema.Text());

    [Test]
    public void Every_field_has_a_comment_in_its_file()
    {
        var bare = from file in Protocol.Files()
                   from line in Protocol.Fields(File.ReadAllLines(file))
                   where !line.Contains("// ", StringComparison.Ordinal)
                   select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.That(bare, Is.Empty);
    }

    private static IEnumerable<string> Messages() => Schema.Messages.Select(type => type.Name);

    private static bool IsEmpty(IMessage message, FieldDescriptor field)
    {
        if (field.ContainingOneof is { } choice) return choice.Accessor.GetCaseFieldDescriptor(message) is null;
        var value = field.Accessor.GetValue(message);
        if (field.IsRepeated) return ((System.Collections.ICollection)value).Count == 0;
        return field.HasPresence ? !field.Accessor.HasValue(message) : Equals(value, Default(field, value));
    }

    private static object Default(FieldDescriptor field, object value) => field.FieldType switch
    {
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        _ => Activator.CreateInstance(value.GetType())!,
    };

    private static void WriteSample(MessageDescriptor type)
    {
        var sample = Sample.Of(type);
        Golden.Write($"{type.Name}.hex", Golden.Hex(sample.ToByteArray()));
        Golden.Write($"{type.Name}.json", Formatter.Format(sample) + "\n");
        Assert.Fail($"golden/{type.Name} was written; look at it, and run without TRIBUTARY_GOLDEN");
    }
}
