using Tributary.Console;
using Tributary.Hosting;
using Tributary.Standalone.Children;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("standalone");
builder.AddChildren();
builder.AddConsole();

var app = builder.Build();

app.MapServiceDefaults();
app.MapConsole();

return await app.RunServiceAsync();
