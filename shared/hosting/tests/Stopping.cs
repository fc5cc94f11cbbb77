using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tributary.Hosting.Tests;

public class Stopping
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Test]
    public async Task A_request_under_way_is_answered()
    {
        var entered = new TaskCompletionSource();
        var released = new TaskCompletionSource();
        await using var service = await RunningService.StartAsync(app => app.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await released.Task;
            return "done";
        }));
        var answer = service.Http.GetStringAsync("/slow");
        await entered.Task.WaitAsync(Bound);

        var stopped = service.StopAsync();
        released.SetResult();

        Assert.That(await answer.WaitAsync(Bound), Is.EqualTo("done"));
        await stopped.WaitAsync(Bound);
    }

    [Test]
    public async Task A_background_service_that_fails_ends_the_process_with_exit_code_1()
    {
        await using var failing = RunningService.Build(
            add: builder => builder.Services.AddHostedService<FailingService>());
        await using var sound = RunningService.Build();

        var failed = await failing.RunServiceAsync().WaitAsync(Bound);
        var running = sound.RunServiceAsync();
        await UntilAsync(
            () => Task.FromResult(sound.Lifetime.ApplicationStarted), started => started.IsCancellationRequested);
        sound.Lifetime.StopApplication();

        Assert.That((failed, await running.WaitAsync(Bound)), Is.EqualTo((1, 0)));
    }

    private sealed class FailingService : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }

    [Test]
    public async Task Readiness_turns_first_while_requests_are_still_served()
    {
        await using var service = await RunningService.StartAsync(
            app => app.MapGet("/hello", () => "hello"), settings: ("Stop:UnreadyFor", "00:00:02"));

        var stopped = service.StopAsync();
        using var ready = await UntilAsync(
            () => service.Operations.GetAsync("/health/ready"), answer => answer.StatusCode != HttpStatusCode.OK);
        using var hello = await service.Http.GetAsync("/hello");

        Assert.That(await ready.Content.ReadAsStringAsync(), Does.Contain("Told to stop"));
        Assert.That(await hello.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
        Assert.That(hello.Headers.ConnectionClose, Is.True);
        await stopped.WaitAsync(Bound);
    }

    [Test]
    public async Task A_terminated_process_loses_no_request_that_a_balancer_sent_it_and_no_line_of_its_log()
    {
        using var process = ExampleProcess.Start(("Stop__UnreadyFor", "00:00:02"));
        var lines = new List<string>();
        var addresses = new List<Uri>();
        while (addresses.Count < 3 && await process.StandardOutput.ReadLineAsync().WaitAsync(Bound) is { } line)
        {
            lines.Add(line);
            if (Field(line, "address") is { } address) addresses.Add(new Uri(address));
        }
        var rest = process.StandardOutput.ReadToEndAsync();

        using var balancer = new Balancer(new(addresses[0], "/api/v1/greetings/x"), operations: addresses[2]);
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(balancer.SendUntilUnreadyAsync)).ToArray();
        var watch = balancer.WatchAsync();
        await UntilAsync(() => Task.FromResult(balancer.Answered), answered => answered > 500);
        var began = Stopwatch.GetTimestamp();
        Assert.That(Kill(process.Id, signal: 15), Is.Zero);
        await Task.WhenAll(load).WaitAsync(Bound);
        await watch.WaitAsync(Bound);
        await process.WaitForExitAsync().WaitAsync(Bound);

        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Bound));
        Assert.That(process.ExitCode, Is.Zero, await process.StandardError.ReadToEndAsync());
        Assert.That(balancer.Failures, Is.Empty);
        lines.AddRange((await rest).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(lines.Select(line => Field(line, "service")), Has.All.EqualTo("example"));
        Assert.That(lines, Has.Some.Contains("Stopping: not ready from now on"));
    }

    private static string? Field(string line, string name) =>
        JsonDocument.Parse(line).RootElement.TryGetProperty(name, out var field) ? field.GetString() : null;

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isReached)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Bound)
        {
            var seen = await look();
            if (isReached(seen)) return seen;
            await Task.Delay(20);
        }
        throw new AssertionException("Not reached in time.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    /// <summary>Sends as long as the service says it is ready, as balancers do.</summary>
    private sealed class Balancer(Uri greetings, Uri operations) : IDisposable
    {
        private readonly HttpClient _http = new();
        private readonly List<string> _failures = [];
        private volatile bool _isReady = true;
        private int _answered;

        public int Answered => _answered;
        public IReadOnlyList<string> Failures => _failures;

        public async Task WatchAsync()
        {
            while (_isReady)
            {
                using var ready = await _http.GetAsync(new Uri(operations, "/health/ready"));
                _isReady = ready.IsSuccessStatusCode;
                await Task.Delay(50);
            }
        }

        public async Task SendUntilUnreadyAsync()
        {
            while (_isReady)
            {
                try
                {
                    using var answer = await _http.GetAsync(greetings);
                    answer.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref _answered);
                }
                catch (HttpRequestException fault)
                {
                    lock (_failures) _failures.Add(fault.Message);
                    return;
                }
            }
        }

        public void Dispose() => _http.Dispose();
    }
}
