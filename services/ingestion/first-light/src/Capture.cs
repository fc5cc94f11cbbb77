using System.Text;
using Tributary.Testing;

namespace Tributary.FirstLight;

/// <summary>A call as an official library made it; its write key stands as a tilde.</summary>
internal sealed record Capture(string Path, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    private const string WriteKey = "~";
    private const string Basic = "Basic ~";

    /// <summary>All that are kept, with a tenant's key in them.</summary>
    public static IReadOnlyList<Capture> AllOf(Tenant tenant) =>
    [
        .. Directory.EnumerateFiles(
                System.IO.Path.Combine(Repository.Root, "services/ingestion/first-light/captures"), "*.http")
            .Order(StringComparer.Ordinal)
            .Select(file => Read(File.ReadAllText(file), tenant)),
    ];

    public bool IsGzip => Headers.Contains(("content-encoding", "gzip"));

    public byte[] BodyBytes => Encoding.UTF8.GetBytes(Body);

    private static Capture Read(string text, Tenant tenant)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = text[..end].Split('\n');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .Select(header => (header[0], header[1].Replace(Basic, tenant.Basic, StringComparison.Ordinal)));
        return new(
            lines[0].Split(' ')[1],
            [.. headers],
            text[(end + 2)..].TrimEnd('\n').Replace(WriteKey, tenant.WriteKey, StringComparison.Ordinal));
    }
}
