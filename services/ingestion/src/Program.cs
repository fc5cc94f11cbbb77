using Tributary.Hosting;
using Tributary.Ingestion;
using Tributary.Ingestion.Verifying;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("ingestion");
builder.AddIngestion();

var app = builder.Build();

app.MapServiceDefaults();
app.MapIngestion();

return VerifyCommand.IsAskedBy(args)
    ? await VerifyCommand.RunAsync(app, args, Console.Out, Console.Error)
    : await app.RunServiceAsync();
