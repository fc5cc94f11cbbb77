using Tributary.EmbeddedClickHouse;

ThreadPool.SetMinThreads(workerThreads: 128, completionPortThreads: 8); // A running query holds one in its reading.
var builder = WebApplication.CreateSlimBuilder(args);
builder.AddEmbeddedClickHouse();
var app = builder.Build();
app.MapEmbeddedClickHouse();
app.Run();
