namespace Tributary.EmbeddedClickHouse.Tests;

public class Keeping_a_session
{
    [Test]
    public async Task Temporary_tables_and_settings_live_as_long_as_their_session()
    {
        var session = $"session_id={Guid.NewGuid()}";
        await Server.Ask("create temporary table mine (a UInt8)", session);
        await Server.Ask("insert into mine values (7)", session);
        await Server.Ask("set max_block_size = 321", session);

        Assert.Multiple(async () =>
        {
            Assert.That((await Server.Ask("select a from mine", session)).Text, Is.EqualTo("7\n"));
            Assert.That((await Server.Ask("select getSetting('max_block_size')", session)).Text, Is.EqualTo("321\n"));
            Assert.That((await Server.Ask("select a from mine")).Code, Is.EqualTo(60));
        });
    }

    [Test]
    public async Task A_requests_own_settings_lie_over_the_sessions_and_go_with_the_request()
    {
        var session = $"session_id={Guid.NewGuid()}";
        const string Query = "select getSetting('max_block_size'), getSetting('max_threads')";
        await Server.Ask("set max_block_size = 321, max_threads = 1", session);

        Assert.Multiple(async () =>
        {
            Assert.That((await Server.Ask(Query, $"{session}&max_block_size=5")).Text, Is.EqualTo("5\t1\n"));
            Assert.That((await Server.Ask("select 1", $"{session}&max_block_size=many")).Code, Is.EqualTo(27));
            Assert.That((await Server.Ask(Query, session)).Text, Is.EqualTo("321\t1\n"));
        });
    }

    [Test]
    public async Task Two_requests_at_once_do_not_share_a_session()
    {
        var session = $"session_id={Guid.NewGuid()}";
        await Server.Ask("select 1", session);
        var slow = Server.Ask("select sleep(1)", session);

        Answer second;
        do
        {
            second = await Server.Ask("select 1", session);
        }
        while (second.Status == 200 && !slow.IsCompleted);

        Assert.That(second.Code, Is.EqualTo(373));
        await slow;
    }

    [Test]
    public async Task A_session_that_has_to_exist_and_does_not_is_said_so()
    {
        Assert.That((await Server.Ask("select 1", $"session_id={Guid.NewGuid()}&session_check=1")).Code,
            Is.EqualTo(372));
    }

    [TestCase("soon")]
    [TestCase("999999")]
    public async Task A_timeout_that_is_none_is_refused(string timeout)
    {
        Assert.That((await Server.Ask("select 1", $"session_id=x&session_timeout={timeout}")).Code, Is.EqualTo(374));
    }

    [Test]
    public async Task A_session_ends_when_nobody_used_it_for_its_timeout()
    {
        var session = $"session_id={Guid.NewGuid()}&session_timeout=1";
        await Server.Ask("create temporary table mine (a UInt8)", session);

        var left = 0;
        for (var turn = 0; turn < 10 && left != 372; turn++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5)); // Asking keeps it alive, so that only waiting can end it.
            var answer = await Server.Ask("select 1", $"{session}&session_check=1");
            left = answer.Status == 200 ? 0 : answer.Code;
        }

        Assert.That(left, Is.EqualTo(372));
    }
}
