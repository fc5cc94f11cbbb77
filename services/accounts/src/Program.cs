using Tributary.Accounts;
using Tributary.Accounts.SettingUp;
using Tributary.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("accounts");
builder.AddAccounts();

var app = builder.Build();

app.MapServiceDefaults();
app.MapAccounts();

return await app.RunOrSetUpAsync(args);
