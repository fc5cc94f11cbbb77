using Tributary.Hosting;
using Tributary.Ingestion;
using Tributary.Stepped;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("ingestion");
builder.AddPipeline();
using var steps = StepWatch.Start(builder.Logging);

var app = builder.Build();

app.MapServiceDefaults();

return await app.RunServiceAsync();
