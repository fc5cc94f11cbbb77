using Tributary.Accounts.ApiKeys;

namespace Tributary.Accounts.Tests;

public class Deciding_what_to_revoke
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    [Test]
    public void What_was_revoked_before_is_left_as_it_is()
    {
        var (good, gone) = (Key("*:*"), Key("apps:read", revoked: true));

        Assert.That(Revoke([good, gone], gone), Is.EqualTo(Array.Empty<ApiKey>()));
    }

    [TestCase("*:*")]
    [TestCase("api-keys:write")]
    [TestCase("*:write")]
    public void One_that_can_make_keys_goes_only_where_another_stays(string permission)
    {
        var (one, other) = (Key(permission), Key("api-keys:*"));

        Assert.That(Revoke([one, other], one), Is.EqualTo(new[] { one }));
        Assert.That(Revocation.Decide([one, other], [one.Id, other.Id], Now), Is.TypeOf<Revocation.LastOne>());
        Assert.That(Revocation.Decide([one, Key("apps:read")], [one.Id], Now), Is.TypeOf<Revocation.LastOne>());
    }

    [Test]
    public void One_that_is_expired_or_revoked_is_no_other()
    {
        var one = Key("*:*");

        Assert.That(
            Revocation.Decide([one, Key("*:*", expired: true), Key("*:*", revoked: true)], [one.Id], Now),
            Is.TypeOf<Revocation.LastOne>());
    }

    [Test]
    public void Where_no_key_could_make_others_before_any_may_go()
    {
        var one = Key("apps:read");

        Assert.That(Revoke([one], one), Is.EqualTo(new[] { one }));
    }

    private static IReadOnlyList<ApiKey> Revoke(IReadOnlyList<ApiKey> all, ApiKey one) =>
        ((Revocation.Revoked)Revocation.Decide(all, [one.Id], Now)).Keys;

    private static ApiKey Key(string permission, bool revoked = false, bool expired = false) => new()
    {
        Id = Guid.NewGuid(),
        Permissions = [permission],
        ExpiresAt = expired ? Now.UtcDateTime : null,
        RevokedAt = revoked ? Now.UtcDateTime : null,
    };
}
