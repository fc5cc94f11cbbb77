using System.Runtime.InteropServices;
using System.Text;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>Texts as the C interface takes and gives them.</summary>
internal static unsafe class Text
{
    public static string Of(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>A string literal of ClickHouse's SQL.</summary>
    public static string Quoted(string value) =>
        $"'{value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";

    /// <summary>An identifier of ClickHouse's SQL.</summary>
    public static string Identifier(string name) =>
        $"`{name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("`", @"\`", StringComparison.Ordinal)}`";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
