using System.Net.Http.Headers;
using System.Text;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Letting_users_in
{
    private string folder = "";
    private ServerProcess server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (!Server.IsEmbedded) Assert.Ignore("The users of a server that is not ours are not known here.");
        folder = Directory.CreateTempSubdirectory("clickhouse-users-").FullName;
        server = await ServerProcess.StartAsync(folder, "--ClickHouse:AdministratorPassword", "secret",
            "--ClickHouse:ReadOnlyPassword", "reader");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (server is null) return;
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [TestCase("default", "secret", 200)]
    [TestCase("default", "", 403)]
    [TestCase("default", "wrong", 403)]
    [TestCase("nobody", "secret", 403)]
    [TestCase("readonly", "reader", 200)]
    [TestCase("readonly", "secret", 403)]
    public async Task A_user_comes_in_with_the_password_and_only_so(string user, string password, int status)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

        Assert.Multiple(async () =>
        {
            Assert.That(
                await Ask("select 1", header => header.Authorization = new AuthenticationHeaderValue("Basic", basic)),
                Is.EqualTo(status));
            Assert.That(await Ask("select 1", header =>
            {
                header.Add("X-ClickHouse-User", user);
                header.Add("X-ClickHouse-Key", password);
            }), Is.EqualTo(status));
            Assert.That(await Ask("select 1", _ => { }, $"user={user}&password={password}"), Is.EqualTo(status));
        });
    }

    [Test]
    public async Task Two_ways_at_once_are_refused()
    {
        Assert.That(await Ask("select 1", header =>
        {
            header.Add("X-ClickHouse-User", "default");
            header.Add("X-ClickHouse-Key", "secret");
        }, "user=default&password=secret"), Is.EqualTo(403));
    }

    [TestCase("create table x (a Int8) engine = Memory")]
    [TestCase("insert into system.one values (1)")]
    [TestCase("select * from file('/etc/passwd', 'LineAsString')")]
    [TestCase("select * from url('http://127.0.0.1/', 'LineAsString')")]
    [TestCase("set max_threads = 1")]
    [TestCase("kill query where 1")]
    [TestCase("select 1 settings readonly = 0")]
    [TestCase("system flush logs")]
    [TestCase("backup database embedded to File('/tmp/x')")]
    public async Task The_read_only_user_reads_and_nothing_else(string statement)
    {
        Assert.That(await Ask(statement, _ => { }, "user=readonly&password=reader"), Is.EqualTo(500));
    }

    [TestCase("readonly=0")]
    [TestCase("max_execution_time=0")]
    [TestCase("max_memory_usage=0")]
    public async Task The_read_only_user_does_not_lift_its_bounds(string setting)
    {
        Assert.That(await Ask("select 1", _ => { }, $"user=readonly&password=reader&{setting}"), Is.EqualTo(500));
    }

    private async Task<int> Ask(string statement, Action<HttpRequestHeaders> authenticate, string parameters = "")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, $"?{parameters}"))
        {
            Content = new StringContent(statement),
        };
        authenticate(request.Headers);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
