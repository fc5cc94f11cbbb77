using Tributary.Console;
using Tributary.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("console");
builder.AddConsole();

var app = builder.Build();

app.MapServiceDefaults();
app.MapConsole();

return await app.RunServiceAsync();
