namespace Tributary.Authorisation.Tests;

public class Writing_keys
{
    [Test]
    public void A_key_is_known_by_its_prefix_and_its_check()
    {
        var key = KeyText.New(KeyText.OfPrograms);

        Assert.That(key, Does.Match("^trb_[0-9A-Za-z]{38}$"));
        Assert.That(KeyText.FaultOf(key), Is.Null);
        Assert.That(KeyText.New(KeyText.OfPrograms), Is.Not.EqualTo(key));
    }

    [Test]
    public void A_cut_or_misspelt_key_is_told_so()
    {
        var key = KeyText.New(KeyText.OfPrograms);

        Assert.That(KeyText.FaultOf(key[..^1]), Does.Contain("not whole"));
        Assert.That(KeyText.FaultOf(key[..20] + (key[20] == 'a' ? 'b' : 'a') + key[21..]), Does.Contain("not whole"));
        Assert.That(KeyText.FaultOf(KeyText.New(KeyText.OfSources)), Does.Contain("write key"));
    }

    [Test]
    public void Six_letters_after_the_prefix_may_be_shown()
    {
        var key = KeyText.New(KeyText.OfPrograms);

        Assert.That(key, Does.StartWith(KeyText.Visible(key)));
        Assert.That(KeyText.Visible(key), Has.Length.EqualTo(10));
    }
}
