using Tributary.Accounts.SettingUp;
using Tributary.Hosting;
using Tributary.Standalone;
using Tributary.Standalone.Children;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("standalone");
builder.AddChildren();
builder.AddEveryService();

var app = builder.Build();

app.MapServiceDefaults();
app.MapEveryService();

return await app.RunOrSetUpAsync(args);
