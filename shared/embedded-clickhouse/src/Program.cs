using Tributary.EmbeddedClickHouse;

ThreadPool.SetMinThreads(workerThreads: 128, completionPortThreads: 8); // A running query holds one in its reading.
// What is beside the program configures it, whatever folder it is started in.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddEmbeddedClickHouse();
var app = builder.Build();
app.MapEmbeddedClickHouse();
app.Run();
