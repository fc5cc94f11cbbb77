using System.Collections.Concurrent;
using System.Text;

namespace Tributary.Streaming.Tests;

public class Handling_keys_side_by_side
{
    [Test]
    public async Task Every_event_is_handled_once_and_those_of_a_key_in_order()
    {
        var batch = BatchOf(Enumerable.Range(0, 500).Select(number => ($"key-{number % 13}", number)));
        ConcurrentDictionary<string, ConcurrentQueue<int>> handled = [];

        await KeyLanes.RunAsync(
            batch,
            lanes: 4,
            async (index, number, token) =>
            {
                await Task.Yield();
                handled.GetOrAdd(Encoding.UTF8.GetString(batch.Records[index].Key!), _ => []).Enqueue(number);
            },
            CancellationToken.None);

        Assert.That(handled.Sum(key => key.Value.Count), Is.EqualTo(500));
        Assert.That(handled.Values, Is.All.Ordered);
    }

    [Test]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var batch = BatchOf([("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("f", 5), ("g", 6), ("h", 7)]);
        var two = new TaskCompletionSource();
        var running = 0;

        await KeyLanes.RunAsync(
            batch,
            lanes: 64,
            async (_, _, token) =>
            {
                if (Interlocked.Increment(ref running) == 2) two.SetResult();
                await two.Task.WaitAsync(TimeSpan.FromSeconds(10), token);
            },
            CancellationToken.None);

        Assert.That(running, Is.EqualTo(8));
    }

    [Test]
    public void A_failure_is_thrown_once_nothing_of_the_batch_runs_any_more()
    {
        var batch = BatchOf(Enumerable.Range(0, 100).Select(number => ($"key-{number}", number)));
        var running = 0;

        var thrown = Assert.ThrowsAsync<InvalidOperationException>(() => KeyLanes.RunAsync(
            batch,
            lanes: 8,
            async (_, number, token) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await Task.Delay(10, token);
                    if (number == 11) throw new InvalidOperationException("eleven");
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            CancellationToken.None));

        Assert.That((thrown!.Message, running), Is.EqualTo(("eleven", 0)));
    }

    private static Batch<int> BatchOf(IEnumerable<(string Key, int Number)> events)
    {
        var all = events.ToArray();
        return new(
            [.. all.Select(one => one.Number)],
            [.. all.Select((one, offset) => new Record(0, offset, default, Encoding.UTF8.GetBytes(one.Key), [], []))],
            new BatchSpan("reader", "memory.v1", Guid.NewGuid(), 0, 0, all.Length, new Dictionary<Guid, long>()),
            (_, _, _, _) => ValueTask.CompletedTask);
    }
}
