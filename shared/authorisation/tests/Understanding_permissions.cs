namespace Tributary.Authorisation.Tests;

public class Understanding_permissions
{
    [TestCase("events:read", "events:read", ExpectedResult = true)]
    [TestCase("events:read", "events:write", ExpectedResult = false)]
    [TestCase("events:read", "sources:read", ExpectedResult = false)]
    [TestCase("events:*", "events:write", ExpectedResult = true)]
    [TestCase("events:*", "sources:write", ExpectedResult = false)]
    [TestCase("*:read", "sources:read", ExpectedResult = true)]
    [TestCase("*:read", "sources:write", ExpectedResult = false)]
    [TestCase("*:*", "sources:write", ExpectedResult = true)]
    [TestCase("*:*", "installation:write", ExpectedResult = false)]
    [TestCase("installation:*", "installation:write", ExpectedResult = true)]
    [TestCase("installation:*", "sources:write", ExpectedResult = false)]
    public bool What_was_granted_covers_what_is_asked(string granted, string asked) =>
        Permission.Parse(granted).Covers(Permission.Parse(asked));

    [TestCase("events:read", "events:*", ExpectedResult = false)]
    [TestCase("*:read", "events:*", ExpectedResult = false)]
    [TestCase("events:*", "*:*", ExpectedResult = false)]
    [TestCase("*:*", "*:*", ExpectedResult = true)]
    [TestCase("*:*", "installation:*", ExpectedResult = false)]
    public bool Nobody_grants_more_than_they_have(string granted, string given) =>
        Permission.Parse(granted).Covers(Permission.Parse(given));

    [TestCase("")]
    [TestCase("events")]
    [TestCase("events:")]
    [TestCase(":read")]
    [TestCase("events:read:more")]
    [TestCase("Events:Read")]
    [TestCase("ev*:read")]
    [TestCase("events: read")]
    public void What_is_not_written_as_one_is_none(string text)
    {
        Assert.That(Permission.TryParse(text), Is.Null);
        Assert.That(() => Permission.Parse(text), Throws.ArgumentException);
    }

    [Test]
    public void A_misspelt_one_is_of_no_use() => Assert.Multiple(() =>
    {
        Assert.That(Permission.Parse("evnts:read").IsOfUse(), Is.False);
        Assert.That(Permission.Parse("events:reed").IsOfUse(), Is.False);
        Assert.That(Permission.Parse("events:*").IsOfUse(), Is.True);
        Assert.That(Permission.Parse("*:*").IsOfUse(), Is.True);
    });
}
