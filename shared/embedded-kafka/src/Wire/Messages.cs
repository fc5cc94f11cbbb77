using Tributary.EmbeddedKafka.Storage;

namespace Tributary.EmbeddedKafka.Wire;

/// <summary>A part of a message that can write itself.</summary>
internal interface IElement
{
    void Write(WireWriter writer, short version);
}

internal interface IRequest<TSelf> : IElement
{
    static abstract TSelf Read(WireReader reader, short version);
}

internal interface IResponse<TSelf> : IElement
{
    static abstract TSelf Read(WireReader reader, short version);
}

/// <summary>Record batches as they are: bytes of a request, or a stretch of a segment's file.</summary>
internal readonly struct Records
{
    private readonly Segment? segment;

    public Records(ReadOnlyMemory<byte> memory)
    {
        Memory = memory;
        Length = memory.Length;
    }

    /// <summary>The segment was acquired by who made this, and is released when the records are sent.</summary>
    public Records(Segment segment, long position, int length)
    {
        this.segment = segment;
        Position = position;
        Length = length;
    }

    public ReadOnlyMemory<byte> Memory { get; }
    public long Position { get; }
    public int Length { get; }
    public bool InFile => segment is not null;
    public Segment Segment => segment!;

    public void Release() => segment?.Release();
}
