using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tributary.Hosting.Logs;

namespace Tributary.Hosting.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class Writing_logs : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStream _output = new();
    private readonly JsonLinesProvider _provider;
    private readonly LoggerFactory _factory;
    private readonly ILogger _logger;

    public Writing_logs()
    {
        var line = new JsonLine("tested", fieldLengthMax: 256, new FixedTime());
        _provider = new JsonLinesProvider(line, new LineWriter(_output, waitingBytesMax: 65_536));
        _factory = new LoggerFactory([_provider]);
        _logger = _factory.CreateLogger("Orders");
    }

    [Test]
    public void A_record_is_a_line_with_its_fields_as_properties()
    {
        OrderPaid(_logger, 7, "A \"quoted\" name\nof two lines", 9.5m);

        Assert.That(Written().Single().ToString(), Is.EqualTo("""
            {"timestamp":"2026-03-01T12:00:00Z","level":"warn","service":"tested","category":"Orders",
            "message":"Paid 7 of A \"quoted\" name\nof two lines: 9.5",
            "order_count":7,"customer":"A \"quoted\" name\nof two lines","amount":9.5}
            """.ReplaceLineEndings("")));
    }

    [Test]
    public void A_record_within_a_trace_names_it()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        Plain(_logger);

        var line = Written().Single();
        Assert.That(line.GetProperty("trace_id").GetString(), Is.EqualTo(activity.TraceId.ToHexString()));
        Assert.That(line.GetProperty("span_id").GetString(), Is.EqualTo(activity.SpanId.ToHexString()));
    }

    [Test]
    public void A_field_with_a_reserved_name_does_not_replace_what_it_is_reserved_for()
    {
        Reserved(_logger, "not the level", "not the message");

        var line = Written().Single();
        Assert.That(line.GetProperty("level").GetString(), Is.EqualTo("info"));
        Assert.That(line.GetProperty("_level").GetString(), Is.EqualTo("not the level"));
        Assert.That(line.GetProperty("_message").GetString(), Is.EqualTo("not the message"));
    }

    [Test]
    public void Scopes_add_their_fields_and_the_innermost_wins()
    {
        using (_logger.BeginScope(new Dictionary<string, object?> { ["Organisation"] = "outer", ["Batch"] = 3 }))
        using (_logger.BeginScope(new Dictionary<string, object?> { ["Batch"] = 4 }))
            Plain(_logger);

        var line = Written().Single();
        Assert.That(line.GetProperty("organisation").GetString(), Is.EqualTo("outer"));
        Assert.That(line.EnumerateObject().Count(field => field.Name == "batch"), Is.EqualTo(1));
    }

    [Test]
    public void An_exception_is_in_the_line_of_its_record_and_long_text_is_cut()
    {
        Failed(_logger, new InvalidOperationException(new string('x', 1_000)));

        var exception = Written().Single().GetProperty("exception").GetString();
        Assert.That(exception, Does.StartWith("System.InvalidOperationException: xxx").And.EndsWith("… (cut)"));
        Assert.That(exception, Has.Length.LessThan(300));
    }

    [Test]
    public void Nothing_is_lost_and_no_line_is_torn_when_many_write_at_once()
    {
        Parallel.For(0, 20_000, number => OrderPaid(_logger, number, new string('y', 100), 1));

        Assert.That(Written().Select(line => line.GetProperty("order_count").GetInt32()).Order(),
            Is.EqualTo(Enumerable.Range(0, 20_000)));
    }

    [Test]
    public void A_slow_reader_makes_writers_wait_and_loses_nothing()
    {
        var slow = new GatedStream();
        using (var writer = new LineWriter(slow, waitingBytesMax: 1_000))
        {
            var writing = Task.Run(() =>
            {
                for (var number = 0; number < 1_000; number++) writer.Write("0123456789\n"u8);
            });
            Assert.That(writing.Wait(TimeSpan.FromMilliseconds(300)), Is.False, "the bound holds writers back");
            slow.Open();
            Assert.That(writing.Wait(TimeSpan.FromSeconds(10)), Is.True);
        }

        Assert.That(slow.Written, Is.EqualTo(11_000));
    }

    [Test]
    public void A_reader_that_takes_nothing_does_not_hold_up_the_end()
    {
        var stuck = new GatedStream();
        var writer = new LineWriter(stuck, waitingBytesMax: 1_000);
        writer.Write("a line\n"u8);

        Assert.That(Task.Run(writer.Dispose).Wait(TimeSpan.FromSeconds(10)), Is.True);
        stuck.Open();
    }

    public void Dispose()
    {
        _factory.Dispose();
        _provider.Dispose();
        _output.Dispose();
    }

    private List<JsonElement> Written()
    {
        _provider.Dispose(); // Returns when the last line is written.
        return [.. Encoding.UTF8.GetString(_output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _gate = new();

        public long Written { get; private set; }

        public void Open() => _gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _gate.Wait();
            Written += buffer.Length;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Paid {OrderCount} of {Customer}: {Amount}")]
    private static partial void OrderPaid(ILogger logger, int orderCount, string customer, decimal amount);

    [LoggerMessage(LogLevel.Information, "Said")]
    private static partial void Plain(ILogger logger);

    [LoggerMessage(LogLevel.Information, "{Level} {Message}")]
    private static partial void Reserved(ILogger logger, string level, string message);

    [LoggerMessage(LogLevel.Error, "Failed")]
    private static partial void Failed(ILogger logger, Exception exception);
}
