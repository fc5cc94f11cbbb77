using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Authorisation.Testing;
using Tributary.Contracts;

namespace Tributary.Accounts.Tests;

/// <summary>Over HTTP, as a customer would.</summary>
[Category("Integration")]
public sealed class Administering_an_account
{
    private RunningAccounts _accounts = null!;

    [OneTimeSetUp]
    public async Task Start() => _accounts = await RunningAccounts.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _accounts.DisposeAsync();

    private string Key => _accounts.Administrator;

    [Test]
    public async Task The_first_organisation_has_an_app_a_source_and_its_administrators_key()
    {
        var organisation = await _accounts.GetAsync(Key, $"/api/v1/organizations/{_accounts.Organisation}");
        var sources = await _accounts.GetAsync(Key, "/api/v1/sources?limit=1");

        Assert.That(organisation.Text("name"), Is.EqualTo("My organisation"));
        Assert.That(sources.Body.GetProperty("items")[0].GetProperty("writeKey").GetString(),
            Is.EqualTo(_accounts.WriteKey));
        Assert.That(_accounts.Directory.FindSource(Encoding.UTF8.GetBytes(_accounts.WriteKey)), Is.Not.Null);
    }

    [Test]
    public async Task A_source_is_made_and_its_write_key_is_good_at_once_and_can_be_read_again()
    {
        var app = await _accounts.PostAsync(Key, "/api/v1/apps", new { name = "Shop" });
        var source = await _accounts.PostAsync(Key, "/api/v1/sources", new
        {
            app = app.Id,
            name = "Web",
            kind = "web",
            allowedOrigins = new[] { "https://Shop.example/" },
        });

        Assert.That((app.Status, source.Status), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)));
        Assert.That(source.Text("writeKey"), Does.Match("^trw_[0-9A-Za-z]{38}$"));
        var known = _accounts.Directory.FindSource(Encoding.UTF8.GetBytes(source.Text("writeKey")))!;
        Assert.That((known.Source, known.App), Is.EqualTo((source.Id, app.Id)));
        Assert.That(known.AllowedOrigins, Is.EqualTo(new[] { "https://shop.example" }));
        var again = await _accounts.GetAsync(Key, $"/api/v1/sources/{source.Id}");
        Assert.That(again.Text("writeKey"), Is.EqualTo(source.Text("writeKey")));
    }

    [Test]
    public async Task A_rotated_write_key_is_good_beside_the_new_one_and_ends_at_once_without_an_overlap()
    {
        var source = await SourceAsync("Rotated");

        var first = source.Text("writeKey");
        var rotated = await _accounts.PostAsync(Key, $"/api/v1/sources/{source.Id}/rotations", new { });
        var second = rotated.Text("writeKey");
        Assert.That(rotated.Body.GetProperty("retiringWriteKeys")[0].GetProperty("writeKey").GetString(),
            Is.EqualTo(first));
        Assert.That((IsGood(first), IsGood(second)), Is.EqualTo((true, true)));

        var ended = await _accounts.PostAsync(
            Key, $"/api/v1/sources/{source.Id}/rotations", new { overlapSeconds = 0 });

        Assert.That((IsGood(first), IsGood(second)), Is.EqualTo((false, false)));
        Assert.That(IsGood(ended.Text("writeKey")), Is.True);
        Assert.That(ended.Body.GetProperty("retiringWriteKeys").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_disabled_source_is_known_as_disabled_and_a_deleted_one_is_not_known()
    {
        var source = await SourceAsync("Disabled");
        var path = $"/api/v1/sources/{source.Id}";
        var writeKey = Encoding.UTF8.GetBytes(source.Text("writeKey"));

        await _accounts.AskAsync(Key, HttpMethod.Patch, path, new { enabled = false });
        Assert.That(_accounts.Directory.FindSource(writeKey)!.Enabled, Is.False);
        var deleted = await _accounts.AskAsync(Key, HttpMethod.Delete, path);

        Assert.That(deleted.Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(_accounts.Directory.FindSource(writeKey), Is.Null);
        Assert.That((await _accounts.GetAsync(Key, path)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task An_api_key_may_what_it_was_given_and_no_more_and_is_never_shown_again()
    {
        var made = await _accounts.PostAsync(
            Key, "/api/v1/api-keys", new { name = "Reader", permissions = new[] { "sources:read" } });
        var key = made.Text("key");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await _accounts.GetAsync(key, "/api/v1/sources")).Status, Is.EqualTo(HttpStatusCode.OK));
        var refused = await _accounts.PostAsync(key, "/api/v1/apps", new { name = "No" });
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(refused.Text("missing"), Is.EqualTo("apps:write"));

        var read = await _accounts.GetAsync(Key, $"/api/v1/api-keys/{made.Id}");
        Assert.That(read.Body.TryGetProperty("key", out _), Is.False);
        Assert.That(key, Does.StartWith(read.Text("prefix")));
        Assert.That((await _accounts.GetAsync(Key, "/api/v1/api-keys?limit=200")).Body.ToString(),
            Does.Not.Contain(key));
    }

    [Test]
    public async Task Nobody_gives_or_takes_more_than_they_have()
    {
        var maker = await ApiKeyAsync("Maker", "api-keys:*");
        var administrators = (await _accounts.GetAsync(Key, "/api/v1/api-keys?limit=1")).Body
            .GetProperty("items")[0].GetProperty("id").GetGuid();

        var given = await _accounts.PostAsync(
            maker.Text("key"), "/api/v1/api-keys", new { name = "More", permissions = new[] { "apps:read" } });
        var taken = await _accounts.PostAsync(
            maker.Text("key"), $"/api/v1/api-keys/{administrators}/rotations", new { });

        Assert.That(given.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(given.Text("errors", "permissions"), Does.Contain("more than this key has"));
        Assert.That(taken.Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_rotated_api_key_is_good_beside_the_new_one_until_the_overlap_ends()
    {
        var first = await ApiKeyAsync("Rotates", "apps:read");
        var path = $"/api/v1/api-keys/{first.Id}/rotations";

        var second = await _accounts.PostAsync(Key, path, new { overlapSeconds = 3600 });
        Assert.That(await MayReadAppsAsync(first.Text("key")), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await MayReadAppsAsync(second.Text("key")), Is.EqualTo(HttpStatusCode.OK));

        var third = await _accounts.PostAsync(Key, path, new { overlapSeconds = 0 });

        Assert.That(await MayReadAppsAsync(first.Text("key")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await MayReadAppsAsync(second.Text("key")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await MayReadAppsAsync(third.Text("key")), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Revoked_keys_stop_and_their_names_are_free_again()
    {
        var one = await ApiKeyAsync("Leaked 1", "apps:read");
        var two = await ApiKeyAsync("Leaked 2", "apps:read");

        var revoked = await _accounts.PostAsync(
            Key, "/api/v1/api-keys/revocations", new { ids = new[] { one.Id, two.Id } });

        Assert.That(revoked.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await MayReadAppsAsync(one.Text("key")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await MayReadAppsAsync(two.Text("key")), Is.EqualTo(HttpStatusCode.Unauthorized));
        var again = await _accounts.AskAsync(Key, HttpMethod.Delete, $"/api/v1/api-keys/{one.Id}");
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await ApiKeyAsync("Leaked 1", "apps:read")).Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task One_unknown_key_among_them_revokes_none()
    {
        var good = await ApiKeyAsync("Stays", "apps:read");

        var answer = await _accounts.PostAsync(
            Key, "/api/v1/api-keys/revocations", new { ids = new[] { good.Id, Guid.NewGuid() } });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await MayReadAppsAsync(good.Text("key")), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_last_key_that_can_make_others_is_not_revoked()
    {
        var neighbour = await _accounts.NeighbourAsync();

        var answer = await _accounts.AskAsync(
            neighbour.Key, HttpMethod.Delete, $"/api/v1/api-keys/{neighbour.ApiKey}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task A_repeated_request_makes_no_second_and_names_the_first()
    {
        var first = await _accounts.PostAsync(Key, "/api/v1/apps", new { name = "Twice" });

        var second = await _accounts.PostAsync(Key, "/api/v1/apps", new { name = " Twice " });

        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(second.Text("existing"), Is.EqualTo(first.Id.ToString()));
    }

    [TestCase("/api/v1/apps", """{"name":""}""", "name")]
    [TestCase("/api/v1/apps", """{}""", "name")]
    [TestCase("/api/v1/sources", """{"app":"00000000-0000-0000-0000-000000000000","name":"x","kind":"fax"}""", "kind")]
    [TestCase("/api/v1/api-keys", """{"name":"x","permissions":[]}""", "permissions")]
    [TestCase("/api/v1/api-keys", """{"name":"x","permissions":["evnts:read"]}""", "permissions")]
    [TestCase("/api/v1/api-keys", """{"name":"x","permissions":["*:*"],"expiresAt":"2001-01-01T00:00:00Z"}""",
        "expiresAt")]
    public async Task What_is_wrong_is_said_by_field(string path, string body, string field)
    {
        var answer = await _accounts.PostAsync(Key, path, JsonSerializer.Deserialize<JsonElement>(body));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), $"{answer.Body}");
        Assert.That(answer.Text("errors", field), Is.Not.Empty);
    }

    [Test]
    public async Task A_list_comes_in_pages_and_each_thing_once()
    {
        foreach (var number in Enumerable.Range(0, 5))
            await _accounts.PostAsync(Key, "/api/v1/apps", new { name = $"Paged {number}" });

        List<string> names = [];
        for (var next = ""; next is not null;)
        {
            var page = await _accounts.GetAsync(Key, $"/api/v1/apps?limit=2&after={next}");
            var items = page.Body.GetProperty("items").EnumerateArray().ToArray();
            Assert.That(items, Has.Length.LessThanOrEqualTo(2));
            names.AddRange(items.Select(item => item.GetProperty("name").GetString()!));
            next = page.Body.GetProperty("next").GetString();
        }

        Assert.That(names, Is.Unique.And.SupersetOf(Enumerable.Range(0, 5).Select(number => $"Paged {number}")));
    }

    [Test]
    public async Task Who_did_what_can_be_read_newest_first_and_holds_no_key()
    {
        var made = await ApiKeyAsync("Audited", "apps:read");

        var audit = await _accounts.GetAsync(Key, "/api/v1/audit?limit=1");

        var entry = audit.Body.GetProperty("items")[0];
        Assert.That(entry.GetProperty("action").GetString(), Is.EqualTo("api-key.made"));
        Assert.That(entry.GetProperty("subject").GetGuid(), Is.EqualTo(made.Id));
        Assert.That(entry.GetProperty("callerName").GetString(), Is.EqualTo("Administrator"));
        Assert.That(entry.ToString(), Does.Not.Contain(made.Text("key")));
    }

    [Test]
    public async Task A_suspended_organisation_is_refused_until_it_is_let_in_again()
    {
        var neighbour = await _accounts.NeighbourAsync();
        var standing = $"/api/v1/organizations/{neighbour.Organisation}/standing";

        await _accounts.AskAsync(Key, HttpMethod.Put, standing, new { suspended = true, eventsPerSecond = 10 });
        Assert.That(await MayReadAppsAsync(neighbour.Key), Is.EqualTo(HttpStatusCode.Forbidden));
        await _accounts.AskAsync(Key, HttpMethod.Put, standing, new { suspended = false });

        Assert.That(await MayReadAppsAsync(neighbour.Key), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_organisations_administrator_has_no_say_over_the_installation()
    {
        var neighbour = await _accounts.NeighbourAsync();
        var own = $"/api/v1/organizations/{neighbour.Organisation}";

        var made = await _accounts.PostAsync(neighbour.Key, "/api/v1/organizations", new { name = "Mine" });
        var standing = await _accounts.AskAsync(neighbour.Key, HttpMethod.Put, own + "/standing", new { });
        var granted = await _accounts.PostAsync(
            neighbour.Key, "/api/v1/api-keys", new { name = "x", permissions = new[] { "installation:write" } });
        var listed = await _accounts.GetAsync(neighbour.Key, "/api/v1/organizations");

        Assert.That((made.Status, standing.Status), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
        Assert.That(granted.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(listed.Body.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_another_organisation_has_is_not_there_whatever_is_asked()
    {
        var neighbour = await _accounts.NeighbourAsync();
        var stranger = (await _accounts.NeighbourAsync()).Key;
        var endpoints = ((IEndpointRouteBuilder)_accounts.App).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)
                && endpoint.RoutePattern.Parameters.Any(parameter => parameter.Name == "id"))
            .ToArray();

        var asked = 0;
        foreach (var endpoint in endpoints)
        {
            var path = endpoint.RoutePattern.RawText!;
            var method = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0];
            var id = path.Split('/')[3] switch
            {
                "organizations" => neighbour.Organisation,
                "apps" => neighbour.App,
                "sources" => neighbour.Source,
                _ => neighbour.ApiKey,
            };
            var answer = await _accounts.AskAsync(
                stranger, new HttpMethod(method), path.Replace("{id:guid}", $"{id}", StringComparison.Ordinal),
                method is "GET" or "DELETE" ? null : new { name = "Stolen" });
            asked++;
            var isForInstallation = path.EndsWith("/standing", StringComparison.Ordinal);
            var expected = isForInstallation ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound;
            Assert.That(answer.Status, Is.EqualTo(expected), $"{method} {path}");
        }

        Assert.That(asked, Is.GreaterThan(10));
        foreach (var path in new[] { "apps", "sources", "api-keys", "audit", "organizations" })
            Assert.That((await _accounts.GetAsync(stranger, $"/api/v1/{path}?limit=200")).Body.ToString(),
                Does.Not.Contain($"{neighbour.App}").And.Not.Contain($"{neighbour.Source}")
                    .And.Not.Contain($"{neighbour.ApiKey}").And.Not.Contain($"{neighbour.Organisation}"));
        var foreignApp = await _accounts.PostAsync(
            stranger, "/api/v1/sources", new { app = neighbour.App, name = "In theirs", kind = "web" });
        Assert.That(foreignApp.Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task No_key_is_ever_logged()
    {
        var source = await SourceAsync("Quiet");
        var made = await ApiKeyAsync("Quiet", "apps:read");
        await MayReadAppsAsync(made.Text("key"));
        await MayReadAppsAsync(made.Text("key")[..^1]);

        var log = string.Join('\n', _accounts.Log.Lines);
        Assert.That(log, Does.Contain(Topics.Accounts.Name));
        Assert.That(log, Does.Not.Contain(made.Text("key")[..^1]));
        Assert.That(log, Does.Not.Contain(source.Text("writeKey")));
        Assert.That(log, Does.Not.Contain(Key));
    }

    [Test]
    public void Every_endpoint_says_who_may_call_it() =>
        Assert.That(EndpointRules.Violations(_accounts.App), Is.Empty);

    [Test]
    public async Task Every_endpoint_is_described()
    {
        var document = (await _accounts.GetAsync("", "/api/v1/openapi.json")).Body;

        var without = from path in document.GetProperty("paths").EnumerateObject()
                      from operation in path.Value.EnumerateObject()
                      where !operation.Value.TryGetProperty("summary", out _)
                      select $"{operation.Name} {path.Name}";
        Assert.That(without, Is.Empty);
    }

    private bool IsGood(string writeKey) =>
        _accounts.Directory.FindSource(Encoding.UTF8.GetBytes(writeKey)) is not null;

    private async Task<HttpStatusCode> MayReadAppsAsync(string key) =>
        (await _accounts.GetAsync(key, "/api/v1/apps")).Status;

    private Task<Answer> ApiKeyAsync(string name, params IEnumerable<string> permissions) =>
        _accounts.PostAsync(Key, "/api/v1/api-keys", new { name, permissions });

    private async Task<Answer> SourceAsync(string name)
    {
        var app = await _accounts.PostAsync(Key, "/api/v1/apps", new { name = $"App of {name}" });
        return await _accounts.PostAsync(Key, "/api/v1/sources", new { app = app.Id, name, kind = "server" });
    }
}
