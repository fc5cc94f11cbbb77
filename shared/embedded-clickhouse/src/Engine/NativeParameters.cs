using System.Runtime.InteropServices;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>A statement's <c>{name:Type}</c> values laid out for one native call; disposing frees them.</summary>
internal readonly unsafe struct NativeParameters : IDisposable
{
    private readonly nint block;

    public NativeParameters(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Count = (nuint)parameters.Count;
        var texts = parameters.SelectMany(parameter => new[] { Text.Bytes(parameter.Key), Text.Bytes(parameter.Value) })
            .ToArray();
        var heads = parameters.Count * 4 * sizeof(nint);
        block = (nint)NativeMemory.AllocZeroed((nuint)(heads + texts.Sum(text => text.Length + 1) + 1));

        Names = (byte**)block;
        Values = Names + Count;
        NameLengths = (nuint*)(Values + Count);
        ValueLengths = NameLengths + Count;
        var at = (byte*)block + heads;
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index].CopyTo(new Span<byte>(at, texts[index].Length));
            var starts = index % 2 == 0 ? Names : Values;
            var lengths = index % 2 == 0 ? NameLengths : ValueLengths;
            starts[index / 2] = at;
            lengths[index / 2] = (nuint)texts[index].Length;
            at += texts[index].Length + 1;
        }
    }

    public nuint Count { get; }

    public byte** Names { get; }

    public byte** Values { get; }

    public nuint* NameLengths { get; }

    public nuint* ValueLengths { get; }

    public void Dispose() => NativeMemory.Free((void*)block);
}
