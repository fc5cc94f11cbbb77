using System.Globalization;
using Tributary.EmbeddedKafka.Bench;

// broker [speed] [PROGRAM]   a table of this broker under each fsync policy, and of Apache Kafka where KAFKA_HOME is
// set
// broker fuzz [COUNT]        mutated requests of a real client against the parser; a million of them
if (args is ["fuzz", ..])
{
    var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
    return await Fuzz.RunAsync(count, seed: 1, Console.Out) ? 0 : 1;
}

var program = args is ["speed", var given] ? given : Environment.GetEnvironmentVariable("EMBEDDED_KAFKA_SERVER");
if (program is null)
{
    Console.Error.WriteLine("EMBEDDED_KAFKA_SERVER names no published Tributary.EmbeddedKafka.Server.dll.");
    return 2;
}

await Speed.RunAsync(program, Environment.GetEnvironmentVariable("KAFKA_HOME"), Console.Out);
return 0;
