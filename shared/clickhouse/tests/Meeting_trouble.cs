using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Tributary.ClickHouse.Http;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Tests;

public class Meeting_trouble
{
    [TestCase("select * from nowhere", 60, "UNKNOWN_TABLE")]
    [TestCase("selec 1", 62, "SYNTAX_ERROR")]
    [TestCase("select throwIf(1)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")]
    public void An_error_has_clickhouses_code_and_name(string statement, int code, string name)
    {
        var error = Assert.ThrowsAsync<ClickHouseException>(() => Server.Do(statement))!;

        Assert.That((error.Code, error.Name, error.IsTransient), Is.EqualTo((code, name, false)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_error_in_the_middle_of_a_result_is_thrown_after_the_rows_before_it(bool compressed)
    {
        using var client = new ClickHouseClient($"{Server.Connection}?Compression={compressed}");
        await using var reader = await client.QueryAsync(
            "select number, throwIf(number = 3000000) from numbers(4000000)", options: null, default);
        var rows = 0;

        var error = Assert.ThrowsAsync<ClickHouseException>(async () =>
        {
            while (await reader.ReadAsync(default)) rows += reader.Block.RowCount;
        })!;

        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo(395));
            Assert.That(rows, Is.GreaterThan(1_000_000));
        });
    }

    [Test]
    public async Task Compressed_both_ways_the_rows_are_the_same()
    {
        using var client = new ClickHouseClient($"{Server.Connection}?Compression=true");
        var table = await Server.Table("a UInt64, s String");
        var block = Block.Of(("a", "UInt64"), ("s", "String"));
        for (var row = 0ul; row < 300_000; row++)
        {
            block.Column<ulong>("a").Add(row * 2654435761);
            block.Column<string>("s").Add($"text {row % 100}");
        }

        await client.InsertAsync(table, block, options: null, default);
        await using var reader = await client.QueryAsync($"select a, s from {table}", options: null, default);
        var (rows, sum) = (0, 0ul);
        while (await reader.ReadAsync(default))
        {
            rows += reader.Block.RowCount;
            for (var row = 0; row < reader.Block.RowCount; row++) sum += reader.Block.Column<ulong>("a")[row];
        }

        Assert.That((rows, sum), Is.EqualTo((300_000, unchecked(44_999_850_000ul * 2654435761ul))));
    }

    [Test]
    public async Task A_query_that_is_cancelled_ends_on_the_server()
    {
        var mark = Guid.NewGuid().ToString("n");
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        Assert.That(async () => await Server.Client.QueryAsync(
            $"select sleepEachRow(0.05), '{mark}' from numbers(100000) settings max_block_size = 1", options: null,
                leaving.Token),
            Throws.InstanceOf<OperationCanceledException>());

        object? running = null;
        for (var turn = 0; turn < 100 && running is not 0UL; turn++)
        {
            running = await Server.Scalar("select count() from system.processes where position(query, {x:String}) > 0 "
                + "and position(query, 'processes') = 0",
                new QueryOptions { Parameters = new Dictionary<string, object?> { ["x"] = mark } });
            if (running is not 0UL) await Task.Delay(50);
        }

        Assert.That(running, Is.EqualTo(0UL));
    }

    [Test]
    public async Task What_only_reads_is_asked_again_and_what_may_have_happened_is_not()
    {
        using var handler = new Flaky();
        using var client = new ClickHouseClient(Server.Connection, handler);
        var table = await Server.Table("a UInt32",
            "MergeTree order by a settings non_replicated_deduplication_window = 100");
        var block = Block.Of(("a", "UInt32"));
        block.Column<uint>("a").Add(1);

        handler.Losses = 2;
        await using (var reader = await client.QueryAsync("select 1", options: null, default)) await reader.ReadAsync(
            default);
        var askedToRead = handler.Take();

        handler.Losses = 2;
        await client.InsertAsync(table, block, new InsertOptions { DeduplicationToken = "t" }, default);
        var askedWithToken = handler.Take();

        handler.Losses = 1;
        var error = Assert.ThrowsAsync<ClickHouseException>(() =>
            client.InsertAsync(table, block, options: null, default))!;

        Assert.Multiple(async () =>
        {
            Assert.That((askedToRead, askedWithToken, handler.Take()), Is.EqualTo((3, 3, 1)));
            Assert.That((error.Code, error.IsTransient), Is.EqualTo((0, true)));
            Assert.That(await Server.Scalar($"select count() from {table}"), Is.EqualTo(2UL),
                "the token's rows, and the doubtful ones");
        });
    }

    [TestCase("insert into t values (1)", false)]
    [TestCase("  select 1", true)]
    [TestCase("create table t", false)]
    [TestCase("with x as (select 1) insert into t select * from x", false)]
    public void In_doubt_a_statement_is_not_sent_twice(string statement, bool onlyReads)
    {
        Assert.That(Parameters.StatementKind.OnlyReads(statement), Is.EqualTo(onlyReads));
    }

    [TestCase(252, false, true)]
    [TestCase(202, false, true)]
    [TestCase(319, true, true)]
    [TestCase(319, false, false)]
    [TestCase(60, true, false)]
    public void Only_what_repeating_can_mend_is_repeated(int code, bool safe, bool repeated)
    {
        Assert.That(RetryDecision.ShouldRepeat(new ClickHouseException("", code, ""), safe), Is.EqualTo(repeated));
    }

    [Test]
    public void A_server_that_is_not_there_is_said_with_its_address()
    {
        using var client = new ClickHouseClient("Host=127.0.0.1;Port=1;Retries=1");

        var error = Assert.ThrowsAsync<ClickHouseException>(() =>
            client.ExecuteAsync("select 1", options: null, default))!;

        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Does.Contain("127.0.0.1:1"));
            Assert.That(error.IsTransient, Is.True);
        });
    }

    [Test]
    public async Task Each_request_is_a_span_that_holds_the_statement_and_no_value()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Tributary.ClickHouse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await Server.Scalar("select {x:String} as spanned",
            new QueryOptions { Parameters = new Dictionary<string, object?> { ["x"] = "a secret" } });

        var span = spans.Single(span => span.GetTagItem("db.query.text") is string text
            && text.Contains("spanned", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(span.DisplayName, Is.EqualTo("select clickhouse"));
            Assert.That(span.GetTagItem("db.system.name"), Is.EqualTo("clickhouse"));
            Assert.That(span.TagObjects.Select(tag => $"{tag.Value}"), Has.None.Contains("a secret"));
        });
    }

    [Test]
    public async Task Reading_allocates_nothing_per_row()
    {
        async Task<long> AllocatedBy(int rows)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await using var reader = await Server.Client.QueryAsync(
                $"select number, toFloat64(number), concat('s', toString(number % 1000)) from numbers({rows})",
                options: null, default);
            var sum = 0ul;
            while (await reader.ReadAsync(default))
            {
                var (numbers, texts) = ((Columns.FixedColumn<ulong>)reader.Block[0],
                    (Columns.StringColumn)reader.Block[2]);
                for (var row = 0; row < numbers.Count; row++) sum += numbers.Values[row]
                    + (ulong)texts.Bytes(row).Length;
            }

            Assert.That(sum, Is.GreaterThan(0UL));
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        await AllocatedBy(100_000);
        var (few, many) = (await AllocatedBy(200_000), await AllocatedBy(2_000_000));

        Assert.That((many - few) / 1_800_000.0, Is.LessThan(0.5),
            "bytes a row: what reading more blocks from a socket takes");
    }

    /// <summary>Loses answers: the server has done what it was asked, and the client does not hear of it.</summary>
    private sealed class Flaky() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int sent;

        public int Losses { get; set; }

        public int Take() => Interlocked.Exchange(ref sent, 0);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref sent);
            var response = await base.SendAsync(request, cancellationToken);
            if (Losses-- <= 0) return response;
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "lost", inner: null,
                statusCode: (HttpStatusCode?)null);
        }
    }
}
