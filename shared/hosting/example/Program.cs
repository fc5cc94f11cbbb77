using Tributary.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("example");

var app = builder.Build();
app.MapServiceDefaults();
app.MapGet("/api/v1/greetings/{name}", (string name) => new { Greeting = $"Hello, {name}" });

return await app.RunServiceAsync();
