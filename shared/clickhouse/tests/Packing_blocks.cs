using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.ClickHouse.Compression;

namespace Tributary.ClickHouse.Tests;

public class Packing_blocks
{
    [Test]
    public void Any_bytes_come_back() => Prop.ForAll((byte[] bytes, PositiveInt repeats) =>
    {
        var content = Enumerable.Repeat(bytes, Math.Min(repeats.Get, 50)).SelectMany(part => part).ToArray();

        return Unpacked(Packed(content)).AsSpan().SequenceEqual(content);
    }).QuickCheckThrowOnFailure();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(12)]
    [TestCase(13)]
    [TestCase(70_000)]
    [TestCase(1_000_000)]
    public void Text_gets_shorter_and_comes_back(int length)
    {
        var content = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, (length / 7) + 1).Select(number => $"n{number % 500:d5};")))[..length];
        var packed = Packed(content);

        Assert.Multiple(() =>
        {
            Assert.That(Unpacked(packed), Is.EqualTo(content));
            if (length > 1000) Assert.That(packed, Has.Length.LessThan(length / 2));
        });
    }

    [Test]
    public async Task Blocks_that_the_engine_wrote_to_its_disk_are_read()
    {
        if (Server.Folder.Length == 0) Assert.Ignore("The files of a server that is not ours are not at hand.");
        var table = await Server.Table("a UInt64 codec(LZ4)", "MergeTree order by a");
        await Server.Do($"insert into {table} select number from numbers(5000)");
        var path = (string)(await Server.Scalar($"select path from system.parts where table = '{table}' and active"))!;
        var file = Directory.GetFiles(path, "*.bin").Single(name => Path.GetFileName(name) is "data.bin" or "a.bin");

        await using var stream = new BlockReadStream(File.OpenRead(file));
        var content = new MemoryStream();
        await stream.CopyToAsync(content);

        Assert.That(MemoryMarshal.Cast<byte, ulong>(content.ToArray()).ToArray(),
            Is.EqualTo(Enumerable.Range(0, 5000).Select(number => (ulong)number)));
    }

    [Test]
    public void A_changed_bit_is_noticed()
    {
        var packed = Packed("some text, some text, some text"u8.ToArray());
        for (var at = 0; at < packed.Length; at++)
        {
            packed[at] ^= 4;
            Assert.That(() => Unpacked(packed), Throws.Exception, $"byte {at}");
            packed[at] ^= 4;
        }
    }

    [Test]
    public void Broken_bytes_are_refused_and_never_read_or_written_beyond_their_ends() => Prop.ForAll((byte[] bytes) =>
    {
        var target = new byte[64];
        try
        {
            Lz4.Decompress(bytes, target);
        }
        catch (Exception exception) when (exception is InvalidDataException or OverflowException)
        {
            // What is no block is said to be none.
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private static byte[] Packed(byte[] content)
    {
        var target = new byte[CompressedBlock.WrittenMax(content.Length)];
        return target[..CompressedBlock.Write(content, target)];
    }

    private static byte[] Unpacked(byte[] packed)
    {
        var (_, length) = CompressedBlock.Lengths(packed);
        var content = new byte[length];
        CompressedBlock.Read(packed, content);
        return content;
    }
}
