using Tributary.Console;
using Tributary.Hosting;
using Tributary.Ingestion;
using Tributary.Standalone.Children;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("standalone");
builder.AddChildren();
builder.AddConsole();
builder.AddIngestion();

var app = builder.Build();

app.MapServiceDefaults();
app.MapConsole();
app.MapIngestion();

return await app.RunServiceAsync();
