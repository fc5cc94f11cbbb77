using System.Net;
using System.Net.Sockets;

namespace Tributary.Testing;

/// <summary>
/// Ports for servers that a test starts. They lie below the range from which the system serves outgoing connections:
/// a client that retries against a killed server on such a port could otherwise be given it, and connect to itself.
/// A port stays reserved, also against other test processes, until this process ends.
/// </summary>
public static class FreePort
{
    private const int First = 24_000;
    private const int Count = 1_000;
    private static readonly Lock Guard = new();
    private static readonly List<FileStream> Reservations = [];
    private static int s_next = Environment.ProcessId % Count;

    public static int Next()
    {
        lock (Guard)
        {
            for (var tried = 0; tried < Count; tried++)
            {
                var port = First + s_next;
                s_next = (s_next + 1) % Count;
                if (TryReserve(port)) return port;
            }
        }
        throw new InvalidOperationException($"No free port from {First} to {First + Count - 1}");
    }

    private static bool TryReserve(int port)
    {
        FileStream? reservation = null;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "tributary-ports"));
            reservation = new FileStream(
                Path.Combine(folder.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            Reservations.Add(reservation);
            return true;
        }
        catch (Exception taken) when (taken is IOException or SocketException or UnauthorizedAccessException)
        {
            reservation?.Dispose();
            return false;
        }
    }
}
