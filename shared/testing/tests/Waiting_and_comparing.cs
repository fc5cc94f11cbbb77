using NUnit.Framework.Internal;

namespace Tributary.Testing.Tests;

public class Waiting_and_comparing
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    [Test]
    public async Task What_comes_about_in_time_passes()
    {
        var reads = 0;

        await Eventually.ThatAsync(() => ++reads, Is.GreaterThan(3));

        Assert.That(reads, Is.EqualTo(4));
    }

    [Test]
    public void What_does_not_fails_with_what_was_read_last() => Assert.That(
        () => Eventually.ThatAsync(() => 7, Is.EqualTo(8), Soon),
        Throws.TypeOf<AssertionException>().With.Message.Contains("8").And.Message.Contains("7"));

    [Test]
    public void A_condition_that_does_not_come_about_is_named() => Assert.That(
        () => Eventually.TrueAsync(() => false, "the tide turns", Soon),
        Throws.TypeOf<TimeoutException>().With.Message.Contains("the tide turns"));

    [Test]
    public void A_golden_file_is_written_when_asked_and_then_pins_the_text()
    {
        using var folder = new TemporaryFolder("golden");

        GoldenFile.Matches(folder.FullName, "golden/a.txt", "one\ntwo\n", name => Writing(name));

        Assert.Multiple(() =>
        {
            Assert.That(Failure(folder, "one\ntwo\n"), Is.Null);
            Assert.That(Failure(folder, "one\nthree\n"), Does.Contain("golden/a.txt").And.Contain("line 2")
                .And.Contain("<two>").And.Contain("<three>"));
            Assert.That(Failure(folder, "one\n"), Does.Contain("line 2"));
        });
    }

    [Test]
    public void A_golden_file_that_is_missing_fails_and_is_never_written_in_CI()
    {
        using var folder = new TemporaryFolder("golden");

        var failure = Failure(folder, "text", name => name == "CI" ? "true" : Writing(name));

        Assert.That(failure, Does.Contain("does not exist"));
        Assert.That(File.Exists(folder.At("golden/a.txt")), Is.False);
    }

    [Test]
    public void Ports_are_free_and_never_given_twice()
    {
        var ports = Enumerable.Range(0, 20).Select(_ => FreePort.Next()).ToList();

        Assert.That(ports, Is.Unique);
        foreach (var port in ports)
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
            Assert.That(listener.Start, Throws.Nothing);
        }
    }

    [Test]
    public void A_temporary_folder_goes_away_unless_it_is_kept()
    {
        var gone = new TemporaryFolder("gone");
        var kept = new TemporaryFolder("kept");
        File.WriteAllText(gone.At("file"), "");
        kept.Keep();

        gone.Dispose();
        kept.Dispose();

        Assert.That((Directory.Exists(gone.FullName), Directory.Exists(kept.FullName)), Is.EqualTo((false, true)));
        Directory.Delete(kept.FullName);
    }

    private static string? Writing(string name) => name == "TRIBUTARY_GOLDEN" ? "write" : null;

    private static string? Failure(TemporaryFolder folder, string text, Func<string, string?>? environment = null)
    {
        using (new TestExecutionContext.IsolatedContext())
        {
            try
            {
                GoldenFile.Matches(folder.FullName, "golden/a.txt", text, environment ?? (_ => null));
                return null;
            }
            catch (AssertionException failed)
            {
                return failed.Message;
            }
        }
    }
}
