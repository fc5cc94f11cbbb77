namespace Tributary.Streaming.Tests;

public class Missing_records_in_between
{
    [Test]
    public async Task What_a_client_that_lost_its_place_jumped_over_is_read_all_the_same()
    {
        await using var reader = new MemoryReader();
        var numbers = Enumerable.Range(0, 100).Select(number => $"{number}").ToArray();
        reader.Log.Write(0, numbers);
        reader.Log.LosePlace(0, at: 20, to: 99); // The end: where a late answer to "where is the end?" puts a client.

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 100);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(numbers));
    }

    [Test]
    public async Task What_is_missing_twice_is_not_there_and_the_rest_goes_on()
    {
        await using var reader = new MemoryReader();
        reader.Log.Write(0, "a", "b", "c", "d", "e");
        reader.Log.Remove(0, 1);
        reader.Log.Remove(0, 3);

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 5);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "c", "e" }));
        Assert.That(reader.Log.Sought, Is.EqualTo(new[] { (0, 0L), (0, 1L), (0, 3L) }));
    }

    [Test]
    public async Task Where_gaps_are_usual_nothing_is_asked_for_again()
    {
        await using var reader = new MemoryReader(gapsAreUsual: true);
        reader.Log.Write(0, "a", "b", "c");
        reader.Log.Remove(0, 1);

        await reader.StartAsync();
        reader.Log.Assign(0);
        await MemoryReader.UntilAsync(() => reader.Stored(0)?.NextOffset == 3);

        Assert.That(reader.Offsets.Rows, Is.EqualTo(new[] { "a", "c" }));
        Assert.That(reader.Log.Sought, Is.EqualTo(new[] { (0, 0L) }));
    }
}
