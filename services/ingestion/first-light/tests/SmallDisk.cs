using Tributary.Testing.Parts;

namespace Tributary.FirstLight.Tests;

/// <summary>A disk of one megabyte, which only root can make; others skip the test.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<SmallDisk> MountAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var mounted = await Commands.RunAsync(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], CancellationToken.None);
        if (mounted.ExitCode != 0) Assert.Ignore($"A small disk can't be made here: {mounted.Output}");
        return new(folder);
    }

    public async ValueTask DisposeAsync() =>
        await Commands.RunAsync(["umount", "--lazy", Folder], CancellationToken.None);
}
