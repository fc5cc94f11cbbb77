using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>
/// A pipe that the engine writes a result to as to a file. Only so does it format a whole result while it runs: its own
/// streams begin the format anew with every block. The pipe's bound is the result's bound in memory.
/// </summary>
internal sealed unsafe class OutputPipe : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SetSize = 1031;
    private const int Capacity = 1024 * 1024;
    private readonly SafeFileHandle writeEnd;

    public OutputPipe()
    {
        var ends = stackalloc int[2];
        if (NativeMethods.Pipe(ends, CloseOnExec) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());

        ReadEnd = new SafeFileHandle(ends[0], ownsHandle: true);
        writeEnd = new SafeFileHandle(ends[1], ownsHandle: true);
        Path = $"/proc/self/fd/{ends[1]}";
        _ = NativeMethods.SetPipeSize(ends[1], SetSize, Capacity); // Refused for many pipes at once: 64 KiB then.
    }

    /// <summary>What the engine opens and writes.</summary>
    public string Path { get; }

    public SafeFileHandle ReadEnd { get; }

    /// <summary>The reader sees the end once the engine has closed its own end too.</summary>
    public void CloseWriteEnd() => writeEnd.Dispose();

    public void Dispose()
    {
        writeEnd.Dispose();
        ReadEnd.Dispose();
    }
}
