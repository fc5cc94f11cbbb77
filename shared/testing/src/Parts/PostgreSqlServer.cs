namespace Tributary.Testing.Parts;

/// <summary>
/// A PostgreSQL server over a data folder of its own, in which <c>postgres</c> is the superuser without a password.
/// Commits are flushed as in production. It refuses root and is then run as the system's user <c>postgres</c>.
/// </summary>
public sealed class PostgreSqlServer
{
    private const string User = "postgres";
    private readonly int _port;

    private PostgreSqlServer(PartCommand command, int port)
    {
        Command = command;
        _port = port;
    }

    public PartCommand Command { get; }

    /// <summary>An Npgsql connection string of the superuser.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username={User};Database={User};Timeout=5;Command Timeout=20";

    /// <summary>The same as operators write it.</summary>
    public string Url => $"postgres://{User}@127.0.0.1:{_port}/{User}";

    /// <summary>Makes a data folder, and says how the server over it is started.</summary>
    public static async Task<PostgreSqlServer> PrepareAsync(
        TemporaryFolder folder, CancellationToken cancellationToken, string name = "postgres")
    {
        var port = FreePort.Next();
        var programs = Programs();
        var home = Directory.CreateDirectory(folder.At(name)).FullName;
        if (Environment.IsPrivilegedProcess)
            await Commands.RequireAsync(["chown", User, home], cancellationToken);
        await Commands.RequireAsync(
            Commands.As(User, Path.Combine(programs, "initdb"), "-D", $"{home}/data", "-U", User, "-A", "trust",
                "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"),
            cancellationToken);

        var command = new PartCommand
        {
            Name = name,
            CommandLine =
            [
                Path.Combine(programs, "postgres"), "-D", $"{home}/data", "-p", $"{port}",
                "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={home}",
                "-c", "max_connections=200", "-c", "log_min_messages=warning",
            ],
            LogFile = folder.At($"{name}.log"),
            IsReady = Probe.Succeeds(
                Path.Combine(programs, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", $"{port}"),
            UnprivilegedUser = User,
        };
        return new(command, port);
    }

    // Debian keeps each version's programs in a folder of its own, and only some of them on PATH.
    private static string Programs()
    {
        const string Versions = "/usr/lib/postgresql";
        var newest = Directory.Exists(Versions) ? Directory.EnumerateDirectories(Versions).Max() : null;
        return newest is null ? Path.GetDirectoryName(ToolPath.Require("initdb"))! : Path.Combine(newest, "bin");
    }
}
