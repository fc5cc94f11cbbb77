using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Hosting.Tests;

public class Telling_whether_a_service_is_well
{
    [Test]
    public async Task Health_is_exactly_a_word_and_a_time_on_the_public_and_the_operations_port()
    {
        await using var service = await RunningService.StartAsync();

        foreach (var door in new[] { service.Http, service.Operations })
        {
            var body = JsonDocument.Parse(await door.GetStringAsync("/health")).RootElement;
            Assert.That(body.EnumerateObject().Select(field => field.Name), Is.EqualTo(["status", "timestamp"]));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("healthy"));
            Assert.That(body.GetProperty("timestamp").GetDateTimeOffset().Offset, Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public async Task Readiness_has_a_line_per_dependency_and_says_why_one_is_not_well()
    {
        await using var service = await RunningService.StartAsync(add: builder => builder.Services.AddHealthChecks()
            .AddCheck("database", () => HealthCheckResult.Healthy("Answered."))
            .AddCheck("kafka", () => HealthCheckResult.Unhealthy("No broker answers at broker:9092.")));

        var response = await service.Operations.GetAsync("/health/ready");
        var text = await response.Content.ReadAsStringAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        var lines = text.Split('\n').Where(line => line.StartsWith("{\"name\":", StringComparison.Ordinal));
        Assert.That(lines, Has.Exactly(2).Items);
        var kafka = JsonDocument.Parse(text).RootElement.GetProperty("dependencies")[1];
        Assert.That(kafka.EnumerateObject().Select(field => field.Name),
            Is.EqualTo(["name", "status", "duration_ms", "sentence"]));
        Assert.That(kafka.GetProperty("sentence").GetString(), Is.EqualTo("No broker answers at broker:9092."));
    }

    [Test]
    public async Task A_dependency_that_is_not_well_makes_the_short_word_unhealthy_but_the_process_alive()
    {
        await using var service = await RunningService.StartAsync(add: builder => builder.Services.AddHealthChecks()
            .AddCheck("kafka", () => HealthCheckResult.Unhealthy()));

        var word = await service.Http.GetAsync("/health");
        var live = await service.Operations.GetAsync("/health/live");

        Assert.That(word.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await word.Content.ReadAsStringAsync(), Does.StartWith("""{"status":"unhealthy","timestamp":"""));
        Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_check_that_throws_does_not_tell_what_it_threw()
    {
        await using var service = await RunningService.StartAsync(add: builder => builder.Services.AddHealthChecks()
            .AddCheck("database", () => throw new InvalidOperationException("postgres://user:hunter2@host")));

        var text = await (await service.Operations.GetAsync("/health/ready")).Content.ReadAsStringAsync();

        Assert.That(text, Does.Contain("Failed with InvalidOperationException.").And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_check_that_hangs_is_unhealthy_after_its_bound()
    {
        await using var service = await RunningService.StartAsync(
            add: builder => builder.Services.AddHealthChecks().AddAsyncCheck("slow", async cancellationToken =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return HealthCheckResult.Healthy();
            }),
            settings: ("Health:CheckTimeout", "00:00:00.2"));

        var text = await (await service.Operations.GetAsync("/health/ready")).Content.ReadAsStringAsync();

        Assert.That(text, Does.Contain("\"name\":\"slow\",\"status\":\"unhealthy\""));
    }

    [Test]
    public async Task A_check_that_heeds_no_bound_holds_up_nobody_and_is_not_started_twice()
    {
        var started = 0;
        using var end = new ManualResetEventSlim();
        await using var service = await RunningService.StartAsync(
            add: builder => builder.Services.AddHealthChecks().AddCheck("deaf", () =>
            {
                Interlocked.Increment(ref started);
                end.Wait(TimeSpan.FromMinutes(1));
                return HealthCheckResult.Healthy();
            }),
            settings: [("Health:CheckTimeout", "00:00:00.2"), ("Health:AnswerAgeMax", "00:00:00")]);

        var first = await (await service.Operations.GetAsync("/health/ready")).Content.ReadAsStringAsync();
        var second = await (await service.Operations.GetAsync("/health/ready")).Content.ReadAsStringAsync();
        end.Set();

        Assert.That(first, Does.Contain("\"name\":\"deaf\",\"status\":\"unhealthy\""));
        Assert.That(second, Does.Contain("\"name\":\"deaf\",\"status\":\"unhealthy\""));
        Assert.That(started, Is.EqualTo(1));
    }

    [Test]
    public async Task Many_probes_share_one_answer_for_as_long_as_it_may_be_old()
    {
        var asked = 0;
        await using var service = await RunningService.StartAsync(
            add: builder => builder.Services.AddHealthChecks().AddCheck("counted", () =>
            {
                Interlocked.Increment(ref asked);
                return HealthCheckResult.Healthy();
            }),
            settings: ("Health:AnswerAgeMax", "00:00:30"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Http.GetAsync("/health")));

        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_for_operators_is_not_on_the_public_port_nor_the_other_way_round()
    {
        await using var service = await RunningService.StartAsync(app => app.MapGet("/api", () => "public"));

        var readyInPublic = await service.Http.GetAsync("/health/ready");
        var apiAmongOperators = await service.Operations.GetAsync("/api");

        Assert.That(readyInPublic.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(apiAmongOperators.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await service.Http.GetStringAsync("/api"), Is.EqualTo("public"));
    }
}
