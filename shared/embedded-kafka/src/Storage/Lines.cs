namespace Tributary.EmbeddedKafka.Storage;

/// <summary>Small files of <c>name=value</c> lines.</summary>
internal static class Lines
{
    public static Dictionary<string, string> Read(string path)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in File.ReadAllLines(path))
        {
            var split = line.IndexOf('=', StringComparison.Ordinal);
            if (split > 0) values[line[..split]] = line[(split + 1)..];
        }

        return values;
    }
}
