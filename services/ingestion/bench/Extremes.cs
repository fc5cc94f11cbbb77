using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Tributary.FirstLight;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Ingestion.Bench;

/// <summary>What a server must bear: a gzip bomb, a broker that stands still, many minutes of load, nonsense.</summary>
internal static class Extremes
{
    private const int BombBytes = 200 << 20;
    private const int AtOnce = 128;
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Stage = TimeSpan.FromSeconds(20);
    private static readonly Dictionary<string, string> Nothing = [];

    /// <param name="time">Of one stage of the memory row, where it is longer than <see cref="Stage"/>.</param>
    public static async Task RunAsync(string name, TimeSpan time, TextWriter output)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        var works = name == "memory" ? Works.All : Works.Receive;
        var edge = await house.AddIngestionAsync("edge", works, Nothing, CancellationToken.None);
        var part = rig.Parts.Single(part => part.Name == "edge");
        await (name switch
        {
            "bomb" => BombAsync(house, edge, part, output),
            "frozen" => FreezeAsync(rig, house, edge, part, output),
            "memory" => RememberAsync(house, edge, rig, time > Stage ? time : Stage, output),
            _ => throw new ArgumentException($"There is no extreme {name}", nameof(name)),
        });
    }

    /// <returns>Whether nothing was answered as if we had failed, and every call was counted.</returns>
    public static async Task<bool> FuzzAsync(int calls, TextWriter output)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        var edge = await house.AddIngestionAsync("edge", Works.Receive, Nothing, CancellationToken.None);
        using var fuzz = new Fuzz(edge.Http, Capture.AllOf(house.Tenant));
        var report = await fuzz.RunAsync(calls, seed: 1);
        var counted = MetricsPage.Sum(
            await MetricsPage.ReadAsync(edge.Operations), "tributary_ingestion_requests_total");
        output.WriteLine($"fuzz: {report}; counted {counted:N0}");
        foreach (var fault in report.Faults) output.WriteLine(fault);
        return report.Faults.Count == 0 && (long)counted == calls;
    }

    private static async Task BombAsync(House house, IngestionPart edge, Part part, TextWriter output)
    {
        var bomb = BombOf(BombBytes);
        await AnswersAsync(house, edge, 64, _ => Single(0), isGzip: false);
        var before = Peak(part, forget: true).Now;
        var answers = await AnswersAsync(house, edge, 32, _ => bomb, isGzip: true);
        output.WriteLine(FormattableString.Invariant(
            $"bomb: 32 at once of {bomb.Length >> 10} KB that are {BombBytes >> 20} MB: {Say(answers)}; ")
            + FormattableString.Invariant($"{before:0} MB before, {Peak(part, forget: false).Peak:0} MB at most"));
    }

    private static async Task FreezeAsync(
        CrashRig rig, House house, IngestionPart edge, Part part, TextWriter output)
    {
        await AnswersAsync(house, edge, AtOnce, Single, isGzip: false);
        var before = Peak(part, forget: true).Now;
        var kafka = rig.Parts.Single(other => other.Name == "kafka");
        await kafka.FreezeAsync();
        var answers = new List<(int Status, TimeSpan Took)>();
        var startedAt = Stopwatch.GetTimestamp();
        for (var number = AtOnce; Stopwatch.GetElapsedTime(startedAt) < Frozen; number += AtOnce)
        {
            var begin = number;
            answers.AddRange(await AnswersAsync(
                house, edge, AtOnce, one => Single(begin + one), isGzip: false));
        }
        kafka.Thaw();
        output.WriteLine(FormattableString.Invariant(
            $"frozen: the broker stood still for {Frozen.TotalSeconds:0} s: {Say(answers)}; ")
            + FormattableString.Invariant($"{before:0} MB before, {Peak(part, forget: false).Peak:0} MB at most"));
    }

    private static async Task RememberAsync(
        House house, IngestionPart edge, CrashRig rig, TimeSpan stage, TextWriter output)
    {
        const int stages = 30;
        var subject = new Subject("ingestion", edge.Http, []) { Authorization = house.Tenant.Basic };
        var row = Row.All.Single(row => row.Name == "single-128");
        var sent = 0L;
        output.WriteLine($"memory: {stages} stages of {stage.TotalSeconds:0} s with every work in one process");
        for (var number = 0; number < stages; number++)
        {
            var load = await Wrk.RunAsync(
                row.RequestTo(subject), edge.Http, row.Connections, stage, house.Folder.FullName);
            sent += load.Accepted;
            var memory = rig.Parts.Select(part => FormattableString.Invariant(
                $"{part.Name} {part.ProcessIds.Sum(id => Usage.MegabytesOf(id).Now):0}"));
            output.WriteLine($"  {sent,12:N0} events: {string.Join(", ", memory)} MB");
        }
    }

    private static byte[] Single(int number) => Encoding.UTF8.GetBytes(
        SenderLoad.EventOf(KafkaLoad.IdOf("extreme", number), "extreme"));

    private static (double Now, double Peak) Peak(Part part, bool forget)
    {
        if (forget) Usage.ForgetPeak(part.ProcessId!.Value);
        return Usage.MegabytesOf(part.ProcessId!.Value);
    }

    private static string Say(IReadOnlyCollection<(int Status, TimeSpan Took)> answers)
    {
        var byStatus = answers.GroupBy(answer => answer.Status).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} of {group.Key}");
        return string.Join(", ", byStatus) + FormattableString.Invariant(
            $", the slowest after {answers.Max(answer => answer.Took).TotalSeconds:0.00} s");
    }

    private static async Task<IReadOnlyCollection<(int Status, TimeSpan Took)>> AnswersAsync(
        House house, IngestionPart edge, int calls, Func<int, byte[]> body, bool isGzip)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var answers = new ConcurrentBag<(int, TimeSpan)>();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(async number =>
        {
            using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Http, "/v1/track"));
            call.Headers.TryAddWithoutValidation("Authorization", house.Tenant.Basic);
            call.Content = new ByteArrayContent(body(number));
            if (isGzip) call.Content.Headers.ContentEncoding.Add("gzip");
            var startedAt = Stopwatch.GetTimestamp();
            var status = 0;
            try
            {
                using var answer = await http.SendAsync(call);
                status = (int)answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                // The server closed the connection: counted as a status of its own.
            }
            answers.Add((status, Stopwatch.GetElapsedTime(startedAt)));
        }));
        return answers;
    }

    private static byte[] BombOf(int bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write("{\"anonymousId\":\"a\",\"properties\":{\"x\":\""u8);
            var piece = new byte[1 << 20];
            piece.AsSpan().Fill((byte)'x');
            for (var written = 0; written < bytes; written += piece.Length) gzip.Write(piece);
            gzip.Write("\"}}"u8);
        }
        return packed.ToArray();
    }
}
