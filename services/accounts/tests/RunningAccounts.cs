using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Accounts.Changing;
using Tributary.Accounts.SettingUp;
using Tributary.Authorisation;
using Tributary.EmbeddedKafka;
using Tributary.Hosting;
using Tributary.Postgres.Testing;
using Tributary.Testing;

namespace Tributary.Accounts.Tests;

/// <summary>
/// The service on real ports, with a database and a broker of its own and the first organisation made. All that it
/// logs is kept.
/// </summary>
internal sealed class RunningAccounts : IAsyncDisposable
{
    public const string ServiceKey = "a key of twenty-four characters or more";
    private readonly TemporaryFolder _folder = new("accounts");
    private readonly Broker _broker;

    private RunningAccounts(TestDatabase database)
    {
        Database = database;
        _broker = Broker.Start(
            new BrokerOptions { DataFolder = _folder.FullName, Listen = new(IPAddress.Loopback, 0) },
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public TestDatabase Database { get; }
    public WebApplication App { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public Uri Grpc { get; private set; } = null!;
    public KeptLog Log { get; } = new();
    public string Administrator { get; private set; } = "";
    public string WriteKey { get; private set; } = "";
    public Guid Organisation { get; private set; }
    public AccountDirectory Directory => App.Services.GetRequiredService<AccountDirectory>();
    public AccountStore Store => App.Services.GetRequiredService<AccountStore>();

    public static async Task<RunningAccounts> StartAsync()
    {
        var database = await TestDatabase.CreateAsync(AccountsService.Name, typeof(AccountsService).Assembly);
        var running = new RunningAccounts(database);
        await running.ServeAsync();
        return running;
    }

    /// <summary>Asks with a key; the body is JSON.</summary>
    public async Task<Answer> AskAsync(string key, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key.Length > 0) request.Headers.Authorization = new("Bearer", key);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new(answer.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    public Task<Answer> GetAsync(string key, string path) => AskAsync(key, HttpMethod.Get, path);

    public Task<Answer> PostAsync(string key, string path, object body) => AskAsync(key, HttpMethod.Post, path, body);

    /// <summary>Another organisation, by its administrator's key, with an app, a source and an API key.</summary>
    public async Task<Neighbour> NeighbourAsync()
    {
        var made = await PostAsync(Administrator, "/api/v1/organizations", new { name = "Neighbour" });
        var key = made.Text("apiKey", "key");
        var app = await PostAsync(key, "/api/v1/apps", new { name = "Theirs" });
        var source = await PostAsync(
            key, "/api/v1/sources", new { app = app.Id, name = "Theirs", kind = "web" });
        return new(made.Id, key, app.Id, source.Id, Guid.Parse(made.Text("apiKey", "id")));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await _broker.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ServeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Http"] = "127.0.0.1:0",
            ["Listen:Grpc"] = "127.0.0.1:0",
            ["Listen:Operations"] = "127.0.0.1:0",
            ["Stop:UnreadyFor"] = "00:00:00",
            ["Database:Url"] = Database.Url,
            ["Kafka:Brokers"] = _broker.Address.ToString(),
            ["Services:Key"] = ServiceKey,
            ["Logging:LogLevel:Default"] = "Debug",
        });
        builder.AddServiceDefaults("accounts");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        builder.AddAccounts();
        App = builder.Build();
        App.MapServiceDefaults();
        App.MapAccounts();
        await App.StartAsync();
        Http = new HttpClient { BaseAddress = ServiceAddresses.Of(App).Http };
        Grpc = ServiceAddresses.Of(App).Grpc;

        var lines = await FirstOrganisation.MakeOnceAsync(Store, CancellationToken.None);
        Organisation = Guid.Parse(lines[0].Split('=')[1]);
        WriteKey = lines[1].Split('=')[1];
        Administrator = lines[2].Split('=')[1];
        await Eventually.ThatAsync(
            () => Directory.Organisations, Does.Contain(Organisation), TimeSpan.FromSeconds(60));
    }
}

/// <summary>What another organisation has.</summary>
internal sealed record Neighbour(Guid Organisation, string Key, Guid App, Guid Source, Guid ApiKey);

internal sealed record Answer(HttpStatusCode Status, JsonElement Body)
{
    public Guid Id => Body.GetProperty("id").GetGuid();

    public string Text(params IEnumerable<string> path) =>
        path.Aggregate(Body, (at, name) => at.GetProperty(name)).ToString();
}
