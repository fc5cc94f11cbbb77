using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Tributary.ClickHouse;
using Tributary.Ingestion.Deduplicating;
using Tributary.Ingestion.Storing;
using Tributary.ReadModel;
using Tributary.Streaming.Reading;

namespace Tributary.Ingestion.Verifying;

/// <summary>
/// The program's argument <c>--verify</c>: counts anew, says what differs, and ends. 0: all is equal; 1: something
/// differs; 2: it could not be counted.
/// </summary>
internal static class VerifyCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static bool IsAskedBy(string[] args) => args.Contains("--verify");

    public static async Task<int> RunAsync(IHost host, string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            var verify = VerifyOf(host.Services, words => errors.WriteLine(words));
            var report = await verify.RunAsync(CancellationToken.None);
            await output.WriteLineAsync(
                args.Contains("--json") ? JsonSerializer.Serialize(report, Json) : report.ToString());
            return report.IsEqual ? 0 : 1;
        }
        catch (Exception fault) when (fault is KafkaException or NpgsqlException or ClickHouseException
                                          or TimeoutException or OptionsValidationException)
        {
            await errors.WriteLineAsync($"It could not be counted: {fault.Message}");
            return 2;
        }
    }

    private static Verify VerifyOf(IServiceProvider provider, Action<string> progress)
    {
        var kept = provider.GetRequiredService<IOptions<ReadModelOptions>>().Value;
        return new Verify(
            provider.GetRequiredService<PartitionScans>(),
            provider.GetRequiredService<BlockLedger>(),
            provider.GetRequiredKeyedService<ClickHouseClient>("ingestion"),
            provider.GetRequiredService<IOptions<DeduplicationOptions>>().Value.Bounds,
            provider.GetRequiredService<TimeProvider>())
        {
            Progress = progress,
            DaysKept = new[] { kept.EventsDays, kept.SessionsDays, kept.DailyDays }.Min(),
        };
    }
}
