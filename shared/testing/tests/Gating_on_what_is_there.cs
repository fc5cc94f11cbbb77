using NUnit.Framework.Internal;

namespace Tributary.Testing.Tests;

public class Gating_on_what_is_there
{
    [Test]
    public void A_server_is_found_by_its_variable() => Assert.That(
        RealService.Address("TEST_KAFKA", name => name == "TEST_KAFKA" ? "127.0.0.1:9092" : null),
        Is.EqualTo("127.0.0.1:9092"));

    [Test]
    public void A_program_is_found_on_the_path() =>
        Assert.That(RealService.Tool("sh", _ => "/nowhere:/bin"), Is.EqualTo("/bin/sh"));

    [Test]
    public void What_is_absent_is_skipped_by_name_on_a_laptop() => Assert.Multiple(() =>
    {
        Assert.That(Ending(() => RealService.Address("TEST_KAFKA", _ => null)),
            Is.TypeOf<IgnoreException>().And.Message.Contains("TEST_KAFKA"));
        Assert.That(Ending(() => RealService.Tool("promtool", _ => null)),
            Is.TypeOf<IgnoreException>().And.Message.Contains("promtool"));
    });

    [Test]
    public void What_is_absent_fails_where_CI_is_set() => Assert.Multiple(() =>
    {
        Assert.That(Ending(() => RealService.Address("TEST_KAFKA", OnlyCi)),
            Is.TypeOf<AssertionException>().And.Message.Contains("TEST_KAFKA"));
        Assert.That(Ending(() => RealService.Tool("promtool", OnlyCi)),
            Is.TypeOf<AssertionException>().And.Message.Contains("promtool"));
    });

    private static string? OnlyCi(string name) => name == "CI" ? "true" : null;

    // Apart from this test, or NUnit books the inner failure on it.
    private static Exception? Ending(Action gate)
    {
        using (new TestExecutionContext.IsolatedContext())
        {
            try
            {
                gate();
                return null;
            }
            catch (Exception ended)
            {
                return ended;
            }
        }
    }
}
