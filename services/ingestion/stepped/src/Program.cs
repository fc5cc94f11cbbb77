using Tributary.Contracts;
using Tributary.Hosting;
using Tributary.Ingestion;
using Tributary.Stepped;
using Tributary.Streaming;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("ingestion");
builder.AddTopics("ingestion", Topics.Streams);
builder.AddPipeline();
using var steps = StepWatch.Start(builder.Logging);

var app = builder.Build();

app.MapServiceDefaults();

return await app.RunServiceAsync();
