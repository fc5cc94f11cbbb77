using System.Globalization;
using Tributary.EmbeddedKafka.Bench;

// broker [--rows WORD]       a table of this broker under each fsync policy, and of Apache Kafka where KAFKA_HOME is
//                            set; only the rows that begin with a word, as in --rows fetch
// broker fuzz [COUNT]        mutated requests of a real client against the parser; a million of them
if (args is ["fuzz", ..])
{
    var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
    return await Fuzz.RunAsync(count, seed: 1, Console.Out) ? 0 : 1;
}

var program = Environment.GetEnvironmentVariable("EMBEDDED_KAFKA_SERVER");
if (program is null || args is not ([] or ["--rows", _]))
{
    Console.Error.WriteLine("usage: broker [--rows WORD] | fuzz [COUNT]");
    Console.Error.WriteLine("EMBEDDED_KAFKA_SERVER names a published Tributary.EmbeddedKafka.Server.dll.");
    return 2;
}

var speed = new Speed(word: args is [_, var rows] ? rows : "");
await speed.RunAsync(program, Environment.GetEnvironmentVariable("KAFKA_HOME"), Console.Out);
return 0;
