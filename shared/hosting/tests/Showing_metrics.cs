using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tributary.Hosting.Tests;

public class Showing_metrics
{
    [Test]
    public async Task Names_and_units_are_Prometheus_own()
    {
        await using var service = await RunningService.StartAsync();
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create("shop");
        meter.CreateCounter<long>("shop.orders.paid", "{order}", "Orders that were paid.").Add(3);
        meter.CreateUpDownCounter<int>("shop.carts.open").Add(2);
        meter.CreateGauge<double>("shop.disk.used", "By").Record(1.5);
        meter.CreateHistogram<double>("shop.checkout.duration", "ms").Record(250);
        meter.CreateObservableGauge("shop.queue.count", () => 7);
        meter.CreateObservableCounter("shop.bytes.sent", () => 9L, "By");

        var text = await service.Operations.GetStringAsync("/metrics");

        Assert.That(text, Does.Contain("# HELP shop_orders_paid_total Orders that were paid.\n"));
        Assert.That(text, Does.Contain("# TYPE shop_orders_paid_total counter\nshop_orders_paid_total 3\n"));
        Assert.That(text, Does.Contain("# TYPE shop_carts_open gauge\nshop_carts_open 2\n"));
        Assert.That(text, Does.Contain("shop_disk_used_bytes 1.5\n"));
        Assert.That(text, Does.Contain("shop_checkout_duration_seconds_bucket{le=\"0.1\"} 0\n"));
        Assert.That(text, Does.Contain("shop_checkout_duration_seconds_bucket{le=\"0.25\"} 1\n"));
        Assert.That(text, Does.Contain("shop_checkout_duration_seconds_bucket{le=\"+Inf\"} 1\n"));
        Assert.That(text, Does.Contain("shop_checkout_duration_seconds_sum 0.25\n"));
        Assert.That(text, Does.Contain("shop_checkout_duration_seconds_count 1\n"));
        Assert.That(text, Does.Contain("# TYPE shop_queue gauge\nshop_queue 7\n"));
        Assert.That(text, Does.Contain("shop_bytes_sent_bytes_total 9\n").Or.Contain("shop_bytes_sent_total 9\n"));
    }

    [Test]
    public async Task Labels_are_escaped_and_their_order_does_not_matter()
    {
        await using var service = await RunningService.StartAsync();
        var counter = service.Services.GetRequiredService<IMeterFactory>().Create("shop").CreateCounter<long>("seen");
        counter.Add(1, new("a.b", "x\"y\\z\nw"), new("c", true));
        counter.Add(1, new("c", true), new("a.b", "x\"y\\z\nw"));

        var text = await service.Operations.GetStringAsync("/metrics");

        Assert.That(text, Does.Contain("""seen_total{a_b="x\"y\\z\nw",c="true"} 2"""));
    }

    [Test]
    public async Task Series_are_bounded_and_what_is_too_many_is_counted()
    {
        await using var service = await RunningService.StartAsync(settings: ("Metrics:SeriesMax", "10"));
        var counter = service.Services.GetRequiredService<IMeterFactory>().Create("shop").CreateCounter<long>("seen");
        for (var visitor = 0; visitor < 25; visitor++) counter.Add(1, Tag("visitor", visitor));

        var text = await service.Operations.GetStringAsync("/metrics");

        var kept = text.Split('\n').Where(line => line.StartsWith("seen_total{", StringComparison.Ordinal));
        Assert.That(kept, Has.Exactly(10).Items);
        Assert.That(text, Does.Contain("metrics_measurements_dropped_total{metric=\"seen_total\"} 15"));
    }

    [Test]
    public async Task What_is_no_longer_observed_is_no_longer_shown()
    {
        await using var service = await RunningService.StartAsync();
        var partitions = new List<int> { 0, 1 };
        service.Services.GetRequiredService<IMeterFactory>().Create("reader").CreateObservableGauge("lag", () =>
            partitions.Select(partition => new Measurement<int>(5, Tag("partition", partition))));

        var before = await service.Operations.GetStringAsync("/metrics");
        partitions.Remove(1);
        var after = await service.Operations.GetStringAsync("/metrics");

        Assert.That(before, Does.Contain("lag{partition=\"1\"} 5"));
        Assert.That(after, Does.Contain("lag{partition=\"0\"} 5").And.Not.Contain("lag{partition=\"1\"}"));
    }

    [Test]
    public async Task Counting_allocates_nothing()
    {
        await using var service = await RunningService.StartAsync();
        var counter = service.Services.GetRequiredService<IMeterFactory>().Create("shop").CreateCounter<long>("hot");
        object topic = "events.v1";
        for (var call = 0; call < 100; call++) counter.Add(1, Tag("topic", topic));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++) counter.Add(1, Tag("topic", topic));

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public async Task Requests_and_the_runtime_are_measured_without_a_word_of_the_service()
    {
        await using var service = await RunningService.StartAsync(app => app.MapGet("/hello", () => "hello"));
        await service.Http.GetStringAsync("/hello");

        var text = await service.Operations.GetStringAsync("/metrics");

        Assert.That(text, Does.Contain("http_server_request_duration_seconds_count{"));
        Assert.That(text, Does.Contain("http_route=\"/hello\""));
        Assert.That(text, Does.Contain("dotnet_gc_collections_total{"));
        Assert.That(text, Does.Contain("target_info{service_name=\"tested\"} 1"));
    }

    [Test]
    [Category("Integration")]
    public async Task Promtool_finds_nothing_to_complain_about()
    {
        await using var service = await RunningService.StartAsync(app => app.MapGet("/hello", () => "hello"));
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create("shop");
        meter.CreateCounter<long>("shop.ordersPaid", "{order}").Add(3, Tag("payKind", "a\"b\\c\nd"));
        meter.CreateHistogram<int>("shop.body", "By").Record(300);
        await service.Http.GetStringAsync("/hello");

        var (exit, said) = await PromtoolAsync(await service.Operations.GetStringAsync("/metrics"));

        Assert.That((exit, said), Is.EqualTo((0, "")));
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private static async Task<(int Exit, string Said)> PromtoolAsync(string metrics)
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var promtool = Process.Start(start)!;
            await promtool.StandardInput.WriteAsync(metrics);
            promtool.StandardInput.Close();
            var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync();
            return (promtool.ExitCode, said);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            const string Absent = "promtool is not installed (Debian: prometheus)";
            if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail(Absent);
            Assert.Ignore(Absent);
            throw;
        }
    }
}
