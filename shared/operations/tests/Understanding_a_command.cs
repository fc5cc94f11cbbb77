namespace Tributary.Operations.Tests;

public class Understanding_a_command
{
    [TestCase("offsets", "shaw")]
    [TestCase("offsets", "accept", "tests", "events.v1")]
    [TestCase("offsets", "accept", "tests", "events.v1", "one", "--at", "earliest")]
    [TestCase("offsets", "accept", "tests", "events.v1", "--at", "yesterday")]
    [TestCase("offsets", "accept", "tests", "events.v1", "--at")]
    [TestCase("dead", "list", "tests", "--limit", "0")]
    [TestCase("dead", "list", "tests", "--resaon", "few")]
    [TestCase("dead", "replay", "tests")]
    [TestCase("dead", "replay", "tests", "--all", "--reason", "few")]
    [TestCase("dead", "replay", "tests", "--consumer", "reader")]
    public async Task What_is_not_understood_does_nothing_and_shows_what_would_be(params string[] args)
    {
        var (exitCode, output, errors) = await RunAsync(args);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(errors, Does.Contain("dead replay SERVICE"));
    }

    [TestCase("dead", "list", "tests", "KAFKA_BROKERS is not set")]
    [TestCase("offsets", "show", "tests", "DATABASE_URL is not set")]
    public async Task What_is_missing_is_named_in_one_sentence(params string[] argsAndSentence)
    {
        var (exitCode, _, errors) = await RunAsync(argsAndSentence[..^1]);

        Assert.That((exitCode, errors), Is.EqualTo((1, $"{argsAndSentence[^1]}\n")));
    }

    [TestCase("help")]
    [TestCase("offsets", "help")]
    [TestCase("dead", "--help")]
    [TestCase]
    public async Task Help_is_given(params string[] args)
    {
        var (exitCode, output, _) = await RunAsync(args);

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("offsets accept SERVICE"));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await Command.RunAsync(args, _ => null, output, errors, CancellationToken.None);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
