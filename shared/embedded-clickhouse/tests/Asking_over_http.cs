using System.Text.Json;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Asking_over_http
{
    [TestCase("ping")]
    [TestCase("replicas_status")]
    [TestCase("")]
    public async Task A_health_check_answers_ok(string path)
    {
        using var client = new HttpClient();

        Assert.That(await client.GetStringAsync(new Uri(Server.Address, path)), Is.EqualTo("Ok.\n"));
    }

    [Test]
    public async Task A_query_in_the_address_or_in_the_body_is_the_same_query()
    {
        var inAddress = await Server.Send(HttpMethod.Get, "query=select+1%2B1");
        var inBody = await Server.Ask("select 1+1");
        var inBoth = await Server.Send(HttpMethod.Post, "query=select+1", new StringContent("+1"));

        Assert.That(new[] { inAddress.Text, inBody.Text, inBoth.Text }, Is.All.EqualTo("2\n"));
    }

    [TestCase("select 1 as a, 'x' as b", "", "1\tx\n", "TabSeparated")]
    [TestCase("select 1 as a, 'x' as b", "default_format=CSV", "1,\"x\"\n", "CSV")]
    [TestCase("select 1 as a, 'x' as b format JSONEachRow", "default_format=CSV", "{\"a\":1,\"b\":\"x\"}\n",
        "JSONEachRow")]
    [TestCase("select 1 as a format CSVWithNames settings max_threads = 1 -- and so on", "", "\"a\"\n1\n",
        "CSVWithNames")]
    [TestCase("select 1 as format", "", "1\n", "TabSeparated")]
    [TestCase("select 'format CSV' as a;", "", "format CSV\n", "TabSeparated")]
    [TestCase("(select 1) union all (select 1)", "", "1\n1\n", "TabSeparated")]
    [TestCase("with 1 as x select x", "", "1\n", "TabSeparated")]
    [TestCase("show tables from system like 'one'", "", "one\n", "TabSeparated")]
    [TestCase("exists table system.one", "", "1\n", "TabSeparated")]
    public async Task A_result_has_the_format_that_was_asked_for(string query, string parameters, string text,
        string format)
    {
        var answer = await Server.Ask(query, parameters);

        Assert.Multiple(() =>
        {
            Assert.That(answer.Text, Is.EqualTo(text));
            Assert.That(answer.Header("X-ClickHouse-Format"), Is.EqualTo(format));
        });
    }

    [Test]
    public async Task A_whole_document_of_many_blocks_is_one_document()
    {
        var answer = await Server.Ask(
            "select number as n from numbers(200000) group by n with totals order by n limit 150000 format JSON");

        using var document = JsonDocument.Parse(answer.Bytes);
        Assert.Multiple(() =>
        {
            Assert.That(document.RootElement.GetProperty("rows").GetInt32(), Is.EqualTo(150_000));
            Assert.That(document.RootElement.GetProperty("data").GetArrayLength(), Is.EqualTo(150_000));
            Assert.That(document.RootElement.TryGetProperty("totals", out _), Is.True);
        });
    }

    [TestCase("param_x=42", "select {x:UInt32} + 1", "43\n")]
    [TestCase("param_x=it%27s%20%5Ct%20%5C%5C", "select {x:String}", "it\\'s \\t \\\\\n")]
    [TestCase("param_x=%5CN", "select {x:Nullable(String)} is null", "1\n")]
    [TestCase("param_x=['a','b''c']", "select length({x:Array(String)})", "2\n")]
    [TestCase("param_t=system.one", "select count() from {d:Identifier}.{t:Identifier}", "1\n")]
    [TestCase("param_x=61f0c404-5cb3-11e7-907b-a6006ad3dba0", "select toTypeName({x:UUID})", "UUID\n")]
    public async Task A_parameter_is_a_value_and_never_a_piece_of_the_query(string parameters, string query,
        string text)
    {
        if (parameters.StartsWith("param_t", StringComparison.Ordinal)) parameters = "param_d=system&param_t=one";

        Assert.That((await Server.Ask(query, parameters)).Text, Is.EqualTo(text));
    }

    [TestCase("selec 1", 400, 62)]
    [TestCase("select 1; select 2", 400, 62)]
    [TestCase("select * from nowhere", 404, 60)]
    [TestCase("select * from nowhere.nothing", 404, 81)]
    [TestCase("select nosuchfunction()", 404, 46)]
    [TestCase("select nothing", 404, 47)]
    [TestCase("select 1 format Nothing", 404, 73)]
    [TestCase("select toUInt8('x')", 400, 6)]
    [TestCase("select 1 into outfile '/tmp/x'", 500, 358)]
    [TestCase("select sleep(2) settings max_execution_time = 0.2", 408, 159)]
    [TestCase("select {x:String}", 500, 456)]
    public async Task An_error_has_the_status_and_code_that_clickhouse_gives_it(string query, int status, int code)
    {
        var answer = await Server.Ask(query);

        Assert.Multiple(() =>
        {
            Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
            Assert.That(answer.Code, Is.EqualTo(code));
            Assert.That(answer.Text, Does.StartWith($"Code: {code}. DB::Exception: ").And.EndsWith(")\n"));
        });
    }

    [TestCase("nosuchsetting=1", 115)]
    [TestCase("max_threads=many", 27)]
    [TestCase("role=nobody", 512)]
    public async Task A_parameter_of_the_address_that_is_wrong_is_refused(string parameters, int code)
    {
        Assert.That((await Server.Ask("select 1", parameters)).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task A_setting_in_the_address_holds_for_that_request_only()
    {
        const string Query = "select value from system.settings where name = 'max_block_size'";

        Assert.Multiple(async () =>
        {
            Assert.That((await Server.Ask(Query, "max_block_size=123")).Text, Is.EqualTo("123\n"));
            Assert.That((await Server.Ask(Query)).Text, Is.Not.EqualTo("123\n"));
        });
    }

    [Test]
    public async Task A_get_changes_nothing()
    {
        var answer = await Server.Send(HttpMethod.Get,
            $"query=create+table+{Server.Database}.x+(a+Int8)+engine=Memory");

        Assert.That(answer.Code, Is.EqualTo(164));
    }

    [Test]
    public async Task An_answer_says_what_it_cost_and_who_it_is()
    {
        var answer = await Server.Ask("select sum(number) from numbers(1000)", "query_id=told-by-me-1");

        using var summary = JsonDocument.Parse(answer.Header("X-ClickHouse-Summary"));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Header("X-ClickHouse-Query-Id"), Is.EqualTo("told-by-me-1"));
            Assert.That(summary.RootElement.GetProperty("read_rows").GetString(), Is.EqualTo("1000"));
            Assert.That(summary.RootElement.GetProperty("result_rows").GetString(), Is.EqualTo("1"));
            Assert.That(answer.Header("Content-Type"), Does.StartWith("text/tab-separated-values"));
        });
    }

    [Test]
    public async Task A_form_carries_the_query_its_parameters_and_tables_of_its_own()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("select sum(a) + {x:Int32} from extra"), "query" },
            { new StringContent("40"), "param_x" },
            { new StringContent("1\n2\n"), "extra", "extra.tsv" },
        };

        var answer = await Server.Send(HttpMethod.Post, "extra_structure=a+Int32", form);

        Assert.That(answer.Text, Is.EqualTo("43\n"));
    }

    [Test]
    public async Task An_external_table_may_name_only_its_types()
    {
        using var form = new MultipartFormDataContent { { new StringContent("1,x\n"), "extra", "extra.csv" } };

        var answer = await Server.Send(
            HttpMethod.Post, "query=select+_2,_1+from+extra&extra_types=UInt8,String&extra_format=CSV", form);

        Assert.That(answer.Text, Is.EqualTo("x\t1\n"));
    }

    [Test]
    public async Task A_long_query_tells_its_progress_before_its_result()
    {
        var answer = await Server.Ask("select count() from numbers(8) where not ignore(sleepEachRow(0.1))",
            "send_progress_in_http_headers=1&http_headers_progress_interval_ms=50&max_block_size=1");

        Assert.Multiple(() =>
        {
            Assert.That(answer.Text, Is.EqualTo("8\n"));
            Assert.That(answer.Header("X-ClickHouse-Progress").Split("read_rows"), Has.Length.GreaterThan(3));
        });
    }

    [TestCase("explain ast select 1", "Literal UInt64_1")]
    [TestCase("explain ast select 1 format JSONCompactEachRow", "[\"    Literal UInt64_1\"]")]
    [TestCase("show settings like 'max_threads' format CSV", "\"max_threads\"")]
    [TestCase("describe (select 1 as a) format TSVWithNames", "default_expression")]
    public async Task What_explains_and_shows_says_so_in_the_format_it_names(string statement, string part)
    {
        Assert.That((await Server.Ask(statement)).Text, Does.Contain(part));
    }

    [TestCase("select 1 from", "(end of query)")]
    [TestCase("select 1 fro m x", "m x")]
    [TestCase("", "Empty query")]
    public async Task A_syntax_error_is_about_what_was_sent(string statement, string part)
    {
        var answer = await Server.Ask(statement);

        Assert.Multiple(() =>
        {
            Assert.That((answer.Status, answer.Code), Is.EqualTo((400, 62)));
            Assert.That(answer.Text, Does.Contain(part).And.Not.Contain("/proc/"));
        });
    }

    [Test]
    public async Task A_page_may_ask_whether_it_may_ask()
    {
        var answer = await Server.Send(HttpMethod.Options, "query=select+1");

        Assert.That((answer.Status, answer.Header("Access-Control-Allow-Methods")),
            Is.EqualTo((204, "POST, GET, OPTIONS")));
    }

    [TestCase("nothing-here")]
    [TestCase("nothing.js")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(Server.Address, path));

        Assert.That((int)response.StatusCode, Is.EqualTo(404));
    }
}
