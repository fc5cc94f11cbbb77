using System.Text;
using Google.Protobuf.WellKnownTypes;
using Tributary.Authorisation.Testing;
using Tributary.Contracts.V1;
using Tributary.Testing;

namespace Tributary.Authorisation.Tests;

public class Finding_keys
{
    private static readonly Guid Ours = Guid.NewGuid();
    private static readonly Guid Source = Guid.NewGuid();
    private static readonly Guid Key = Guid.NewGuid();

    private readonly ManualTime _time = new();

    [Test]
    public void A_write_key_finds_its_source()
    {
        var state = SampleAccounts.Organisation(Ours, 1).WithSource(Source, "trw_one");
        state.Limits = new() { EventsPerSecond = 5 };
        state.Sources[0].AllowedOrigins.Add("https://shop.example");

        var found = Directory(state).FindSource("trw_one"u8)!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Organisation, Is.EqualTo(Ours));
            Assert.That(found.Source, Is.EqualTo(Source));
            Assert.That(found.Kind, Is.EqualTo("web"));
            Assert.That((found.Enabled, found.Suspended), Is.EqualTo((true, false)));
            Assert.That(found.AllowedOrigins, Is.EqualTo(new[] { "https://shop.example" }));
            Assert.That(found.Limits.EventsPerSecond, Is.EqualTo(5));
        });
    }

    [Test]
    public void A_key_that_nobody_has_finds_nothing()
    {
        var directory = Directory(SampleAccounts.Organisation(Ours, 1).WithSource(Source, "trw_one"));

        Assert.That(directory.FindSource("trw_two"u8), Is.Null);
        Assert.That(directory.FindSource([]), Is.Null);
        Assert.That(directory.Judge("trb_two"u8, out _), Is.EqualTo(Refusal.Unknown));
    }

    [Test]
    public void A_replaced_write_key_is_good_until_its_moment_and_not_longer()
    {
        var state = SampleAccounts.Organisation(Ours, 1).WithSource(Source, "new");
        state.Sources[0].RetiringWriteKeys.Add(new RetiringWriteKey
        {
            Hash = SampleAccounts.HashOf("old"),
            GoodUntil = (_time.GetUtcNow() + TimeSpan.FromHours(1)).ToTimestamp(),
        });
        var directory = Directory(state);

        Assert.That(directory.FindSource("old"u8)?.Source, Is.EqualTo(Source));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(directory.FindSource("old"u8), Is.Null);
        Assert.That(directory.FindSource("new"u8)?.Source, Is.EqualTo(Source));
    }

    [Test]
    public void An_api_key_finds_its_caller_with_what_it_may()
    {
        var directory = Directory(SampleAccounts.Organisation(Ours, 1).WithKey(Key, "trb_one", "events:read"));

        var caller = directory.FindKey("trb_one"u8)!;

        Assert.That(caller.Organisation, Is.EqualTo(Ours));
        Assert.That(caller.Id, Is.EqualTo(Key));
        Assert.That(caller.May("events:read"), Is.True);
        Assert.That(caller.May("events:write"), Is.False);
    }

    [Test]
    public void An_api_key_ends_at_its_moment()
    {
        var state = SampleAccounts.Organisation(Ours, 1).WithKey(Key, "trb_one", "events:read");
        state.ApiKeys[0].ExpiresAt = (_time.GetUtcNow() + TimeSpan.FromMinutes(1)).ToTimestamp();
        var directory = Directory(state);

        Assert.That(directory.Judge("trb_one"u8, out _), Is.EqualTo(Refusal.Unspecified));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(directory.Judge("trb_one"u8, out _), Is.EqualTo(Refusal.Expired));
        Assert.That(directory.FindKey("trb_one"u8), Is.Null);
    }

    [Test]
    public void Revoked_and_suspended_are_told_apart()
    {
        var revoked = SampleAccounts.Organisation(Ours, 1).WithKey(Key, "revoked", "events:read");
        revoked.ApiKeys[0].Revoked = true;
        var suspended = SampleAccounts.Organisation(Guid.NewGuid(), 1)
            .WithKey(Guid.NewGuid(), "suspended", "events:read").WithSource(Guid.NewGuid(), "trw");
        suspended.Suspended = true;
        var directory = Directory(revoked, suspended);

        Assert.That(directory.Judge("revoked"u8, out _), Is.EqualTo(Refusal.Revoked));
        Assert.That(directory.Judge("suspended"u8, out _), Is.EqualTo(Refusal.Suspended));
        Assert.That(directory.FindSource("trw"u8)!.Suspended, Is.True);
    }

    [Test]
    public void The_highest_version_counts_whatever_comes_last()
    {
        var directory = Directory(
            SampleAccounts.Organisation(Ours, 2).WithSource(Source, "second"),
            SampleAccounts.Organisation(Ours, 1).WithSource(Source, "first"));

        Assert.That(directory.FindSource("first"u8), Is.Null);
        Assert.That(directory.FindSource("second"u8), Is.Not.Null);
        Assert.That(directory.VersionOf(Ours), Is.EqualTo(2));
    }

    [Test]
    public void What_was_learnt_is_seen_whole_and_not_before_it_is_shown()
    {
        var directory = Directory(SampleAccounts.Organisation(Ours, 1).WithSource(Source, "first"));

        directory.Learn(SampleAccounts.Organisation(Ours, 2).WithSource(Source, "second"));
        Assert.That(directory.FindSource("first"u8), Is.Not.Null);
        directory.Show();

        Assert.That(directory.FindSource("first"u8), Is.Null);
        Assert.That(directory.FindSource("second"u8), Is.Not.Null);
    }

    [Test]
    public void Looking_up_allocates_nothing()
    {
        var directory = SampleAccounts.Directory(TimeProvider.System, SampleAccounts.Organisation(Ours, 1)
            .WithSource(Source, "trw_one").WithKey(Key, "trb_one", "events:read"));
        var (write, api, asked) = (
            Encoding.UTF8.GetBytes("trw_one"), Encoding.UTF8.GetBytes("trb_one"), Permission.Parse("events:read"));
        var found = 0;
        LookUp(); // Whatever is made once.

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++) LookUp();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(found, Is.EqualTo(2_002));

        void LookUp()
        {
            if (directory.FindSource(write) is not null) found++;
            if (directory.FindKey(api)!.May(asked)) found++;
        }
    }

    private AccountDirectory Directory(params IEnumerable<AccountState> states) =>
        SampleAccounts.Directory(_time, states);
}
