using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Tributary.Authorisation.Testing;
using Tributary.Hosting;

namespace Tributary.Standalone.Tests;

public class Saying_who_may_call
{
    [Test]
    public async Task Every_endpoint_of_every_service_does()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Url"] = "postgres://nobody@127.0.0.1:1/none", // Nothing is started.
            ["ClickHouse:Url"] = "http://nobody@127.0.0.1:1/none",
        });
        builder.AddServiceDefaults("standalone");
        builder.AddEveryService();
        await using var app = builder.Build();
        app.MapServiceDefaults();
        app.MapEveryService();

        Assert.That(EndpointRules.Violations(app), Is.Empty);
    }
}
