using System.Globalization;
using System.Text;

namespace Tributary.Testing.Crashes;

/// <summary>The rounds, a line each.</summary>
public static class RoundsTable
{
    public static string Of(IReadOnlyList<RoundReport> reports)
    {
        var text = new StringBuilder();
        text.Append("| seed | acknowledged | unknown | kills | freezes | deaths ");
        text.AppendLine("| lost | doubled | out of order | unexpected | s |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var report in reports) Append(text, $"{report.Seed}", [report]);
        Append(text, "all", reports);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<RoundReport> reports)
    {
        int[] figures =
        [
            Sum(report => report.Of(Outcome.Acknowledged)),
            Sum(report => report.Of(Outcome.Unknown) + report.Of(Outcome.Sent)),
            Sum(report => report.CountOf("killed")),
            Sum(report => report.CountOf("frozen")),
            Sum(report => report.CountOf("died")),
            Sum(report => report.Consumers.Sum(consumer => consumer.Lost.Count)),
            Sum(report => report.Consumers.Sum(consumer => consumer.Doubled.Count)),
            Sum(report => report.Consumers.Sum(consumer => consumer.OutOfOrder.Count)),
            Sum(report => report.Consumers.Sum(consumer => consumer.Unexpected.Count)),
        ];
        var seconds = reports.Sum(report => report.Took.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
        text.AppendLine($"| {name} | {string.Join(" | ", figures)} | {seconds} |");

        int Sum(Func<RoundReport, int> figure) => reports.Sum(figure);
    }
}
