using Tributary.Testing.Parts;

namespace Tributary.Testing.Tests;

[Category("Integration")]
public class Running_real_servers
{
    [Test]
    public async Task Apache_Kafka_comes_back_after_a_kill_with_its_topics()
    {
        using var folder = new TemporaryFolder("kafka");
        var kafka = await ApacheKafka.PrepareAsync(RealService.KafkaHome, folder, default);
        await using var part = new Part(kafka.Command);
        await part.StartAsync(default);
        await kafka.CreateTopicAsync("kept", partitions: 3);

        await part.KillAsync();
        await part.StartAsync(default);

        Assert.That(
            () => kafka.CreateTopicAsync("kept", partitions: 3), Throws.Exception.With.Message.Contains("exists"));
    }

    [Test]
    public async Task PostgreSQL_comes_back_after_a_kill_with_what_was_committed()
    {
        using var folder = new TemporaryFolder("postgres");
        var postgres = await PostgreSqlServer.PrepareAsync(folder, default);
        await using var part = new Part(postgres.Command);
        await part.StartAsync(default);
        await Commands.RequireAsync(Query(postgres, "create table kept as select 42 as answer"), default);

        await part.FreezeAsync();
        await part.KillAsync();
        await part.StartAsync(default);

        var answer = await Commands.RunAsync(Query(postgres, "select answer from kept"), default);
        Assert.That(answer, Is.EqualTo(new CommandResult(0, "42\n")));
    }

    [Test]
    public async Task Redis_comes_back_after_a_kill()
    {
        using var folder = new TemporaryFolder("redis");
        _ = RealService.Tool("redis-server");
        await using var part = new Part(RedisServer.Prepare(folder).Command);
        await part.StartAsync(default);

        await part.KillAsync();
        await part.StartAsync(default);

        Assert.That(part.State, Is.EqualTo(PartState.Running));
    }

    private static string[] Query(PostgreSqlServer server, string sql) =>
        [ToolPath.Require("psql"), "-X", "-At", server.Url, "-c", sql];
}
