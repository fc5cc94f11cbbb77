using Tributary.Hosting;
using Tributary.Ingestion;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("ingestion");
builder.AddIngestion();

var app = builder.Build();

app.MapServiceDefaults();
app.MapIngestion();

return await app.RunServiceAsync();
