namespace Tributary.EmbeddedClickHouse.Tests;

public class Ending_a_query
{
    private const string Endless = "select sleepEachRow(0.05) from numbers(100000) settings max_block_size = 1";

    private static string Marked(string mark) =>
        Endless.Replace("select", $"select '{mark}',", StringComparison.Ordinal);

    [Test]
    public async Task A_client_that_leaves_takes_its_query_with_it()
    {
        var mark = Guid.NewGuid().ToString("n");
        using var client = new HttpClient();
        using var leaving = new CancellationTokenSource();
        var asking = client.PostAsync(Server.Address, new StringContent(Marked(mark)), leaving.Token);
        await Server.Until(Running(mark), "1");

        await leaving.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Server.Until(Running(mark), "0"), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_client_that_leaves_in_the_middle_of_a_result_takes_its_query_with_it()
    {
        var mark = Guid.NewGuid().ToString("n");
        using var client = new HttpClient();
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Server.Address)
        {
            Content = new StringContent($"select number, '{mark}' from system.numbers"),
        }, HttpCompletionOption.ResponseHeadersRead);
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[100_000]);
        Assume.That(await Server.Must(Running(mark)), Is.EqualTo("1"));

        response.Dispose();

        Assert.That(await Server.Until(Running(mark), "0"), Is.EqualTo("0"));
    }

    [TestCase("async")]
    [TestCase("sync")]
    public async Task A_query_is_killed_by_its_id(string how)
    {
        var id = Guid.NewGuid().ToString();
        var asking = Server.Ask(Endless, $"query_id={id}");
        await Server.Until(Running("sleepEachRow(0.05) from numbers(100000)"), "1");

        var kill = await Server.Ask($"kill query where query_id = '{id}' {how}");

        Assert.Multiple(async () =>
        {
            Assert.That(kill.Text, Does.Contain(id));
            Assert.That((await asking).Code, Is.EqualTo(394));
        });
    }

    [Test]
    public async Task An_id_that_runs_already_is_refused()
    {
        var id = Guid.NewGuid().ToString();
        var asking = Server.Ask(Endless, $"query_id={id}");
        await Server.Until(Running("sleepEachRow(0.05) from numbers(100000)"), "1");

        Assert.That((await Server.Ask("select 1", $"query_id={id}")).Code, Is.EqualTo(216));
        await Server.Ask($"kill query where query_id = '{id}'");
        await asking;
    }

    [Test]
    public async Task A_slow_reader_of_ten_million_rows_takes_no_more_memory_than_a_quick_one_of_few()
    {
        var mark = Guid.NewGuid().ToString("n");
        using var client = new HttpClient();
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Server.Address)
        {
            Content = new StringContent($"select number, '{mark}', randomPrintableASCII(50) from numbers(10000000)"),
        }, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];

        for (var turn = 0; turn < 20; turn++) await body.ReadExactlyAsync(buffer);

        var memory = await Server.Must($"""
            select max(peak_memory_usage) < 200e6 from system.processes
            where position(query, '{mark}') > 0 and position(query, 'processes') = 0
            """);
        Assert.That(memory, Is.EqualTo("1"), "the query waits for its reader within its pipe");
    }

    [Test]
    public async Task One_query_too_many_is_refused_and_the_others_go_on()
    {
        if (!Server.IsEmbedded) Assert.Ignore("A server that is not ours has other limits.");
        using var folder = new Tributary.Testing.TemporaryFolder("clickhouse-many");
        await using var server = await ServerProcess.StartAsync(folder.FullName, "--ClickHouse:QueriesMax", "2");
        using var client = new HttpClient();
        var running = Enumerable.Range(0, 2).Select(number => client.PostAsync(
            new Uri(server.Address, $"?query_id=q{number}"), new StringContent(Endless))).ToArray();

        HttpResponseMessage refused;
        do
        {
            refused = await client.PostAsync(server.Address, new StringContent("select 1"));
        } while (refused.IsSuccessStatusCode); // Both of the others have to be there first.

        Assert.That(refused.Headers.GetValues("X-ClickHouse-Exception-Code"), Is.EqualTo(new[] { "202" }));
        Assert.That(running.Select(query => query.IsCompleted), Has.None.True);
    }

    [Test]
    public async Task A_query_that_wants_too_much_memory_is_refused_and_others_go_on()
    {
        var greedy = await Server.Ask("select uniqExact(number) from numbers(50000000)", "max_memory_usage=100000000");

        Assert.Multiple(async () =>
        {
            Assert.That(greedy.Code, Is.EqualTo(241), greedy.Text);
            Assert.That(await Server.Must("select 1"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task An_error_before_the_first_megabyte_has_a_status_of_its_own()
    {
        var answer = await Server.Ask("select throwIf(number = 1000) from numbers(2000)", "max_block_size=10");

        Assert.That((answer.Status, answer.Code), Is.EqualTo((500, 395)));
    }

    [Test]
    public async Task An_error_after_it_breaks_the_answer_and_is_told_at_its_end()
    {
        using var client = new HttpClient();
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Server.Address)
        {
            Content = new StringContent("select throwIf(number = 3000000) from numbers(4000000)"),
        }, HttpCompletionOption.ResponseHeadersRead);
        var tag = response.Headers.GetValues("X-ClickHouse-Exception-Tag").Single();
        var body = new MemoryStream();

        Assert.That(async () => await response.Content.CopyToAsync(body), Throws.InstanceOf<HttpRequestException>()
            .Or.InstanceOf<IOException>());
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(200));
            Assert.That(text, Does.Contain($"\r\n__exception__\r\n{tag}\r\nCode: 395."));
            Assert.That(text, Does.EndWith($" {tag}\r\n__exception__\r\n"));
        });
    }

    [Test]
    public async Task An_answer_that_waits_for_its_end_is_never_half()
    {
        var answer = await Server.Ask("select throwIf(number = 3000000) from numbers(4000000)", "wait_end_of_query=1");
        var whole = await Server.Ask("select number from numbers(4000000)", "wait_end_of_query=1");

        Assert.Multiple(() =>
        {
            Assert.That((answer.Status, answer.Code), Is.EqualTo((500, 395)));
            Assert.That(whole.Header("X-ClickHouse-Summary"), Does.Contain("\"result_rows\":\"4000000\""));
            Assert.That(whole.Bytes, Has.Length.EqualTo(30_888_890));
        });
    }

    private static string Running(string mark) =>
        $"select count() from system.processes "
        + $"where position(query, '{mark}') > 0 and position(query, 'processes') = 0";
}
