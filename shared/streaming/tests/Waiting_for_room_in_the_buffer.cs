using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Tests;

public class Waiting_for_room_in_the_buffer
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly BufferGate _gate = new(bytesMax: 100, TimeProvider.System);

    [Test]
    public async Task A_sender_waits_until_there_is_room()
    {
        await _gate.EnterAsync(80, Long, default);

        var second = _gate.EnterAsync(30, Long, default).AsTask();
        Assert.That(second.IsCompleted, Is.False);
        _gate.Leave(80);

        Assert.That(await second, Is.True);
        Assert.That(_gate.Held, Is.EqualTo(30));
        _gate.Leave(30);
    }

    [Test]
    public async Task Who_came_first_goes_first_however_small_the_next_one_is()
    {
        await _gate.EnterAsync(80, Long, default);

        var large = _gate.EnterAsync(90, Long, default).AsTask();
        var small = _gate.EnterAsync(1, Long, default).AsTask();
        Assert.That(small.IsCompleted, Is.False);
        _gate.Leave(80);
        await Task.WhenAll(large, small);

        Assert.That(_gate.Held, Is.EqualTo(91));
        _gate.Leave(91);
    }

    [Test]
    public async Task What_is_larger_than_all_of_it_is_let_through_alone()
    {
        Assert.That(await _gate.EnterAsync(500, Long, default), Is.True);
        Assert.That(await _gate.EnterAsync(1, TimeSpan.FromMilliseconds(20), default), Is.False);
        _gate.Leave(500);
    }

    [Test]
    public async Task Who_gives_up_takes_no_room_and_holds_up_nobody()
    {
        await _gate.EnterAsync(60, Long, default);
        using var cancelled = new CancellationTokenSource();

        var timed = _gate.EnterAsync(90, TimeSpan.FromMilliseconds(20), default).AsTask();
        var gaveUp = _gate.EnterAsync(90, Long, cancelled.Token).AsTask();
        var fits = _gate.EnterAsync(40, Long, default).AsTask();
        await cancelled.CancelAsync();

        Assert.That(await timed, Is.False);
        Assert.ThrowsAsync<TaskCanceledException>(async () => await gaveUp);
        Assert.That(await fits, Is.True);
        Assert.That(_gate.Held, Is.EqualTo(100));
        _gate.Leave(100);
    }
}
