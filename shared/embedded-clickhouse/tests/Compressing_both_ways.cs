using System.IO.Compression;
using System.Text;
using Tributary.ClickHouse.Compression;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Compressing_both_ways
{
    private const string Query = "select number from numbers(300000)";

    [TestCase("gzip")]
    [TestCase("zstd")]
    [TestCase("br")]
    [TestCase("deflate")]
    public async Task A_result_is_encoded_as_the_client_accepts(string encoding)
    {
        var plain = await Server.Ask(Query);
        var encoded = await Server.Ask(Query, "enable_http_compression=1", encoding: encoding);

        Assert.Multiple(async () =>
        {
            Assert.That(encoded.Header("Content-Encoding"), Is.EqualTo(encoding));
            Assert.That(encoded.Bytes, Has.Length.LessThan(plain.Bytes.Length * 2 / 3));
            Assert.That(await Read(Decoder(encoding, encoded.Bytes)), Is.EqualTo(plain.Bytes));
        });
    }

    [Test]
    public async Task Nothing_is_encoded_that_was_not_asked_for()
    {
        Assert.Multiple(async () =>
        {
            Assert.That((await Server.Ask(Query)).Header("Content-Encoding"), Is.Empty);
            Assert.That(
                (await Server.Ask(Query, "enable_http_compression=0", encoding: "gzip")).Header("Content-Encoding"),
                Is.Empty);
        });
    }

    [Test]
    public async Task A_result_comes_in_clickhouses_own_blocks()
    {
        var plain = await Server.Ask(Query);
        var packed = await Server.Ask(Query, "compress=1");

        Assert.Multiple(async () =>
        {
            Assert.That(packed.Bytes, Has.Length.LessThan(plain.Bytes.Length * 3 / 4));
            Assert.That(await Read(new BlockReadStream(new MemoryStream(packed.Bytes))), Is.EqualTo(plain.Bytes));
        });
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    [TestCase("br")]
    [TestCase("blocks")]
    public async Task An_insert_is_read_as_the_client_encoded_it(string encoding)
    {
        var table = await Server.Table("a UInt64");
        var rows = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 200_000)));
        using var content = new ByteArrayContent(await Encode(encoding, rows));
        if (encoding != "blocks") content.Headers.ContentEncoding.Add(encoding);

        var answer = await Server.Send(HttpMethod.Post,
            $"query=insert+into+{table}+format+TSV&decompress={(encoding == "blocks" ? 1 : 0)}", content);

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
            Assert.That(await Server.Must($"select count(), sum(a) from {table}"), Is.EqualTo("200000\t19999900000"));
        });
    }

    [Test]
    public async Task A_block_that_was_changed_on_its_way_is_refused()
    {
        var table = await Server.Table("a UInt64");
        var blocks = await Encode("blocks", "1\n2\n"u8.ToArray());
        blocks[^1] ^= 1;

        var answer = await Server.Send(HttpMethod.Post, $"query=insert+into+{table}+format+TSV&decompress=1",
            new ByteArrayContent(blocks));

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Status, Is.EqualTo(500));
            Assert.That(await Server.Must($"select count() from {table}"), Is.EqualTo("0"));
        });
    }

    private static Stream Decoder(string encoding, byte[] bytes) => encoding switch
    {
        "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
        "deflate" => new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress),
        "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
        _ => new ZstdReadStream(new MemoryStream(bytes)),
    };

    private static async Task<byte[]> Read(Stream stream)
    {
        await using (stream)
        {
            var whole = new MemoryStream();
            await stream.CopyToAsync(whole);
            return whole.ToArray();
        }
    }

    private static async Task<byte[]> Encode(string encoding, byte[] bytes)
    {
        var whole = new MemoryStream();
        await using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(whole, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new ZstdWriteStream(whole),
            _ => new BlockWriteStream(whole),
        })
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            if (stream is ZstdWriteStream zstd) await zstd.FinishAsync(CancellationToken.None);
        }

        return whole.ToArray();
    }
}
