using System.Globalization;
using System.Text.RegularExpressions;

namespace Tributary.Console.Tests;

public partial class Looking_at_the_page
{
    private static readonly string[] Texts =
        ["text-0", "text-1", "text-2", "accent", "good", "bad", "warn", "note"];

    private static readonly string[] Surfaces = ["surface-0", "surface-1", "surface-2"];

    [TestCaseSource(nameof(Themes))]
    public void Every_text_is_readable_on_every_surface(string theme, Dictionary<string, string> tokens)
    {
        var faint = from text in Texts
                    from surface in Surfaces
                    let contrast = Contrast(tokens[text], tokens[surface])
                    where contrast < 4.5
                    select $"{theme}: {text} on {surface} is {contrast:0.00}";

        Assert.That(faint, Is.Empty, "WCAG AA asks for 4.5");
    }

    [Test]
    public void The_dark_theme_is_the_same_by_switch_and_by_system()
    {
        var themes = Blocks();

        Assert.That(themes, Has.Count.EqualTo(3));
        Assert.That(themes[2], Is.EqualTo(themes[1]));
    }

    [Test]
    public void Colours_are_chosen_among_the_tokens_alone()
    {
        var rules = Css()[Css().IndexOf("* { box-sizing", StringComparison.Ordinal)..];

        Assert.That(Colour().Matches(rules).Select(match => match.Value), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Themes()
    {
        var blocks = Blocks();
        yield return new TestCaseData("light", blocks[0]) { TestName = "Every text is readable in the light theme" };
        yield return new TestCaseData("dark", blocks[1]) { TestName = "Every text is readable in the dark theme" };
    }

    private static List<Dictionary<string, string>> Blocks() =>
        [.. Block().Matches(Css()).Select(block => Token().Matches(block.Value)
            .ToDictionary(token => token.Groups[1].Value, token => token.Groups[2].Value))];

    private static string Css()
    {
        using var reader = new StreamReader(typeof(ConsoleService).Assembly.GetManifestResourceStream("console.css")!);
        return reader.ReadToEnd();
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    [GeneratedRegex(@":root[^{]*\{[^}]*\}")]
    private static partial Regex Block();

    [GeneratedRegex(@"--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(")]
    private static partial Regex Colour();
}
