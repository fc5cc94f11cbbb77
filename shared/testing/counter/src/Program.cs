using Tributary.Counter;
using Tributary.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults(CounterTopics.Service);
builder.AddCounter();
using var steps = StepWatch.Start();

var app = builder.Build();

app.MapServiceDefaults();

return await app.RunServiceAsync();
