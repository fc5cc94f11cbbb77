using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Tributary.EmbeddedClickHouse.Tests;

/// <summary>
/// The server that the suite speaks to: the embedded one, started once, or the one that TRIBUTARY_CLICKHOUSE names.
/// </summary>
[SetUpFixture]
internal sealed class Server
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private static ServerProcess? process;
    private static string folder = "";
    private static bool ready;

    public static Uri Address { get; private set; } = new("http://127.0.0.1");

    public static bool IsEmbedded => process is not null;

    public static string Database { get; } = $"suite_{Guid.NewGuid():n}";

    public static ServerProcess Process => process!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_CLICKHOUSE") is { Length: > 0 } given)
        {
            Address = new Uri(given);
        }
        else
        {
            ServerProcess.NeedsTheEngine();
            folder = Directory.CreateTempSubdirectory("clickhouse-").FullName;
            process = await ServerProcess.StartAsync(folder, "--ClickHouse:MemoryMax", "1500000000");
            Address = process.Address;
        }

        await Must($"create database {Database} engine = Atomic");
        ready = true;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (!ready) return;
        await Must($"drop database {Database}");
        if (process is null) return;
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Asks by POST with the statement as body.</summary>
    public static Task<Answer> Ask(string statement, string parameters = "", string user = "", string encoding = "") =>
        Send(HttpMethod.Post, parameters, new ByteArrayContent(Encoding.UTF8.GetBytes(statement)), user, encoding);

    public static async Task<Answer> Send(HttpMethod method, string parameters, HttpContent? body = null,
        string user = "",
        string encoding = "")
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, $"?database={Database}&{parameters}"))
        {
            Content = body,
        };
        if (user.Length > 0) request.Headers.Add("X-ClickHouse-User", user);
        if (encoding.Length > 0) request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        using var response = await Client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Asks for what has to succeed, and gives its text.</summary>
    public static async Task<string> Must(string statement, string parameters = "")
    {
        using var response = await Client.PostAsync(new Uri(Address, $"?{parameters}"), new StringContent(statement));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text.TrimEnd('\n') : throw new InvalidOperationException(text);
    }

    /// <summary>Waits until a query gives what is wanted, for ten seconds at most.</summary>
    public static async Task<string> Until(string statement, string wanted)
    {
        var answer = "";
        for (var turn = 0; turn < 100 && answer != wanted; turn++)
        {
            answer = await Must(statement);
            if (answer != wanted) await Task.Delay(100);
        }

        return answer;
    }

    /// <summary>A table of the suite's database with a name of its own.</summary>
    public static async Task<string> Table(string columns, string engine = "MergeTree order by tuple()")
    {
        var name = $"{Database}.t_{Guid.NewGuid():n}";
        await Must($"create table {name} ({columns}) engine = {engine}");
        return name;
    }
}

internal sealed record Answer(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public int Code => int.Parse(Header("X-ClickHouse-Exception-Code"), CultureInfo.InvariantCulture);
}
