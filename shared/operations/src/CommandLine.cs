using System.Globalization;

namespace Tributary.Operations;

/// <summary>Words, and options that begin with two dashes and may have a value.</summary>
internal sealed class CommandLine
{
    private static readonly string[] Flags = ["json", "yes", "all", "help"];
    private readonly Dictionary<string, string?> _options = [];

    private CommandLine(string[] words) => Words = words;

    public string[] Words { get; }

    public static CommandLine Parse(string[] args)
    {
        List<string> words = [];
        Dictionary<string, string?> options = [];
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] is "-h") options["help"] = null;
            else if (!args[index].StartsWith("--", StringComparison.Ordinal)) words.Add(args[index]);
            else
            {
                var (name, value) = args[index][2..].Split('=', 2) is [var left, var right]
                    ? (left, right)
                    : (args[index][2..], null);
                if (!Flags.Contains(name))
                    value ??= ++index < args.Length ? args[index] : throw new UsageException($"--{name} needs a value");
                options[name] = value;
            }
        }
        var line = new CommandLine([.. words]);
        foreach (var (name, value) in options) line._options[name] = value;
        return line;
    }

    /// <summary>Refuses options that this command does not have: a misspelt filter would select too much.</summary>
    public CommandLine Takes(params string[] names)
    {
        if (_options.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new UsageException($"--{unknown} is no option of this command");
        return this;
    }

    public bool Has(string name) => _options.ContainsKey(name);

    public string? Value(string name) => _options.GetValueOrDefault(name);

    public long? Number(string name, long from, long to = long.MaxValue)
    {
        if (Value(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= from && number <= to
            ? number
            : throw new UsageException($"--{name} is a number from {from}{(to == long.MaxValue ? "" : $" to {to}")}");
    }

    public static int PartitionOf(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? partition
            : throw new UsageException($"'{word}' is no partition");

    public static long OffsetOf(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new UsageException($"'{word}' is no offset");
}
