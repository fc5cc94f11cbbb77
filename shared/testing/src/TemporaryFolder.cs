namespace Tributary.Testing;

/// <summary>A folder of its own that goes away with the test, unless the test asks to keep it for reading.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private bool _kept = Environment.GetEnvironmentVariable("TRIBUTARY_KEEP") is { Length: > 0 };

    public TemporaryFolder(string purpose)
    {
        FullName = Path.Combine(Path.GetTempPath(), $"tributary-{purpose}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(FullName);
    }

    public string FullName { get; }

    /// <summary>Leaves the folder where it is, so that someone can read the logs.</summary>
    public void Keep() => _kept = true;

    /// <summary>A path inside.</summary>
    public string At(string name) => Path.Combine(FullName, name);

    public void Dispose()
    {
        if (_kept || !Directory.Exists(FullName)) return;
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still write there; the system's own cleaning takes the rest.
        }
    }
}
