using Tributary.Standalone.Children;

namespace Tributary.Standalone.Tests;

public class Reading_what_a_child_says
{
    [TestCase("one\ntwo\n", "one|two")]
    [TestCase("one\r\ntwo", "one|two")]
    [TestCase("\n\n", "|")]
    [TestCase("", "")]
    [TestCase("exactly 10\nok\n", "exactly 10|ok")]
    [TestCase("more than 10\nok\n", "more than … (cut)|ok")]
    public async Task A_line_is_a_line_and_none_is_longer_than_the_bound(string said, string lines)
    {
        List<string> read = [];

        var reader = new StringReader(said);
        await foreach (var line in BoundedLines.ReadAsync(reader, lengthMax: 10, CancellationToken.None))
            read.Add(line);

        Assert.That(string.Join('|', read), Is.EqualTo(lines));
    }

    [Test]
    public async Task A_megabyte_without_an_end_is_one_short_line()
    {
        using var endless = new StringReader(new string('x', 1_000_000));
        List<string> read = [];

        await foreach (var line in BoundedLines.ReadAsync(endless, lengthMax: 100, CancellationToken.None))
            read.Add(line);

        Assert.That(read, Has.Count.EqualTo(1));
        Assert.That(read[0], Has.Length.LessThan(120).And.EndsWith("(cut)"));
    }
}
