using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Options;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>
/// The engine over one folder, for the process's life. Keeps one connection open, because the engine shuts down with
/// its last one. Any thread may open connections.
/// </summary>
internal sealed unsafe class EngineHost : IDisposable
{
    /// <summary>Where the library's defaults are those of a command line and not of a server.</summary>
    private static readonly KeyValuePair<string, string>[] ServersOwn =
        [new("implicit_select", "0"), new("allow_introspection_functions", "0")];

    private readonly string data;
    private readonly EngineConnection keeper;

    public EngineHost(IOptions<EmbeddedClickHouseOptions> options)
    {
        var settings = options.Value;
        data = Path.GetFullPath(settings.Data);
        Directory.CreateDirectory(data);
        Load(settings.Library);

        // Before the first connection: the engine would put its handlers in place of the runtime's, and the first
        // NullReferenceException would end the process.
        NativeMethods.chdb_set_signal_handlers_enabled(0);
        keeper = Connect([
            new("path", data),
            new("max_server_memory_usage", settings.MemoryMax.ToString(CultureInfo.InvariantCulture)),
            new("backups.allowed_path", settings.Backups),
        ]) ?? throw new InvalidOperationException($"The engine can't open {data}: is another process using it?");
        if (settings.Database.Length > 0)
        {
            keeper.Run($"create database if not exists {Text.Identifier(settings.Database)} engine = Atomic");
        }

        Settings = Lines("select name from system.settings").ToFrozenSet(StringComparer.Ordinal);
        Version = keeper.Scalar("select version()");
        TimeZone = keeper.Scalar("select timezone()");
    }

    /// <summary>Every setting that the engine knows by name.</summary>
    public FrozenSet<string> Settings { get; }

    public string Version { get; }

    public string TimeZone { get; }

    /// <summary>Opens a connection with these settings; a wrong name or value throws as ClickHouse would.</summary>
    public EngineConnection Open(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, _) in settings)
        {
            if (Settings.Contains(name)) continue;
            throw new EngineException(115, "UNKNOWN_SETTING",
                $"Setting {name} is neither a builtin setting nor started "
                + "with the prefix 'SQL_' registered for user-defined settings");
        }

        var connection = Connect([new("path", data), .. ServersOwn, .. settings]);
        if (connection is not null) return connection;

        // The engine does not say what was wrong with an argument, but a SET does.
        using var plain = Connect([new("path", data)])
            ?? throw new EngineException(1002, "UNKNOWN_EXCEPTION", "The engine opens no more connections.");
        foreach (var (name, value) in settings) plain.Run($"set {name} = {Text.Quoted(value)}");
        throw new EngineException(36, "BAD_ARGUMENTS", "The engine refused a setting.");
    }

    /// <summary>The rows of a one-column query.</summary>
    public string[] Lines(string query)
    {
        lock (keeper)
        {
            return Encoding.UTF8.GetString(keeper.Run(query).Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public void Dispose() => keeper.Dispose();

    private static EngineConnection? Connect(IReadOnlyList<KeyValuePair<string, string>> arguments)
    {
        var texts = new List<nint> { Marshal.StringToCoTaskMemUTF8("clickhouse") };
        foreach (var (name, value) in arguments) texts.Add(Marshal.StringToCoTaskMemUTF8($"--{name}={value}"));
        try
        {
            fixed (nint* pointers = texts.ToArray())
            {
                var handle = NativeMethods.chdb_connect(texts.Count, (byte**)pointers);
                return handle is null || *handle == 0 ? null : new EngineConnection(handle);
            }
        }
        finally
        {
            foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        }
    }

    private static void Load(string library)
    {
        var path = library.Length > 0 ? library : Find();
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) =>
            name == NativeMethods.Library ? NativeLibrary.Load(path) : 0);
    }

    private static string Find()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "libchdb.so");
        if (File.Exists(beside)) return beside;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var kept = Path.Combine(folder.FullName, ".tributary", "native", "libchdb.so");
            if (File.Exists(kept)) return kept;
        }

        throw new FileNotFoundException("libchdb.so is missing: shared/embedded-clickhouse/fetch gets it, "
            + "and ClickHouse:Library says where it is.");
    }
}
