var builder = WebApplication.CreateBuilder(args);

builder.WebHost.UseUrls(
    $"http://{builder.Configuration["Listen:Http"]}", $"http://{builder.Configuration["Listen:Operations"]}");
builder.Services.AddHealthChecks();

var app = builder.Build();

app.MapHealthChecks("/health/ready");

await app.RunAsync();
