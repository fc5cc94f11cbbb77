namespace Tributary.Tidy.Tests;

/// <summary>House rules a compiler cannot check. A failure names the file and the rule.</summary>
public class The_repository_is_tidy
{
    private static readonly Tree Repository = Tree.OfRepository();

    [TestCaseSource(typeof(HouseRules), nameof(HouseRules.Names))]
    public void Holds(string rule) => Assert.That(HouseRules.ByName[rule](Repository), Is.Empty);
}
