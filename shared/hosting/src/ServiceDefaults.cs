using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Hosting.Grpc;
using Tributary.Hosting.Health;
using Tributary.Hosting.Listening;
using Tributary.Hosting.Logs;
using Tributary.Hosting.Metrics;
using Tributary.Hosting.Options;
using Tributary.Hosting.Origins;
using Tributary.Hosting.Problems;
using Tributary.Hosting.RateLimits;
using Tributary.Hosting.Reference;
using Tributary.Hosting.Stopping;
using Tributary.Hosting.Telemetry;

namespace Tributary.Hosting;

/// <summary>What every service does the same way: start, listen, report, answer errors and stop.</summary>
public static class ServiceDefaults
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Once per process, by its Program and never by a service's <c>AddX</c>, so that several services can share a
        /// host.
        /// </summary>
        /// <param name="service">The process's name in logs, traces and metrics.</param>
        public void AddServiceDefaults(string service)
        {
            if (builder.Services.Any(known => known.ServiceType == typeof(ServiceName)))
                throw new InvalidOperationException("AddServiceDefaults is called once, by Program.");

            StartFault.GuardProcess();
            OperatorEnvironment.Translate(builder.Configuration);
            builder.Services.AddSingleton(new ServiceName(service));
            builder.Services.TryAddSingleton(TimeProvider.System);
            ServiceLogs.Add(builder, service);
            AddTelemetry(builder, service);
            AddListeners(builder);
            AddStop(builder);
            AddHealth(builder);
            ProblemAnswers.Add(builder.Services);
            CrossOrigin.Add(builder);
            ReferencePages.Add(builder.Services, service);
            ServeGrpc.Add(builder);
            builder.Services.AddSingleton<RateLimitCounts>();
            builder.Services.AddHostedService(services => services.GetRequiredService<RateLimitCounts>());
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Before the service's own <c>MapX</c>.</summary>
        public void MapServiceDefaults()
        {
            // Some of what follows reads options: say all that is wrong, and not only what is read first.
            app.Services.GetService<IStartupValidator>()?.Validate();
            RequestSpans.Use(app);
            app.UseForwardedHeaders();
            Draining.UseLastAnswers(app);
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            app.UseRouting(); // Here and not, as by default, before what writes the errors.
            app.UseCors();
            app.UseRequestTimeouts();
            RateLimiting.Use(app);
            if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null) app.UseAuthentication();
            if (app.Services.GetService<IAuthorizationHandlerProvider>() is not null) app.UseAuthorization();
            ServeGrpc.UseCallBounds(app);
            HealthPages.Map(app);
            MetricsPage.Map(app);
            ReferencePages.Map(app);
            ServeGrpc.Map(app);
        }
    }

    private static void AddListeners(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ListenerOptions>("Listen");
        builder.AddValidatedOptions<LimitsOptions>("Limits");
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConfigureKestrel>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ReachableByPolicy>());
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ListenerOptions>>(TrustProxies);
    }

    private static void TrustProxies(ForwardedHeadersOptions forwarded, IOptions<ListenerOptions> listen)
    {
        var proxies = listen.Value.Proxies().ToArray();
        forwarded.ForwardedHeaders = proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies) forwarded.KnownIPNetworks.Add(network);
    }

    /// <summary>Started first and stopped last: it sees what all others do.</summary>
    private static void AddTelemetry(IHostApplicationBuilder builder, string service)
    {
        // Without it the span of a request does not say what was asked for.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        builder.AddValidatedOptions<OtlpOptions>("Otlp");
        builder.AddValidatedOptions<MetricsOptions>("Metrics");
        builder.Services.AddHostedService<SendTelemetry>();
        builder.Services.AddSingleton<MeasuredMeters>();
        SendTelemetry.AddLogs(builder, service);
    }

    private static void AddStop(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<StopOptions>("Stop");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopOptions.Total);
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());
    }

    private static void AddHealth(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<HealthOptions>("Health");
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<HealthReporter>();
        builder.Services.AddOptions<HealthCheckServiceOptions>().PostConfigure<IOptions<HealthOptions>>(BoundChecks);
    }

    private static void BoundChecks(HealthCheckServiceOptions checks, IOptions<HealthOptions> health)
    {
        foreach (var check in checks.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            check.Timeout = health.Value.CheckTimeout;
        foreach (var check in checks.Registrations) check.Factory = new BoundedCheck(check.Factory).For;
    }
}

/// <summary>The process's name in logs, traces and metrics.</summary>
internal sealed record ServiceName(string Value);
