using Tributary.Hosting;
using Tributary.Standalone.Children;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("standalone");
builder.AddChildren();

var app = builder.Build();

app.MapServiceDefaults();

return await app.RunServiceAsync();
