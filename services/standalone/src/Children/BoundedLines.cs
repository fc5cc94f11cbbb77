using System.Runtime.CompilerServices;
using System.Text;

namespace Tributary.Standalone.Children;

/// <summary>
/// Reads lines of which none is longer than the bound: the rest of a longer one is dropped and marked.
/// </summary>
internal static class BoundedLines
{
    private const string Cut = "… (cut)";

    public static async IAsyncEnumerable<string> ReadAsync(
        TextReader reader, int lengthMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new char[4_096];
        var line = new StringBuilder();
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (var index = 0; index < read; index++)
            {
                if (buffer[index] is '\n')
                {
                    yield return Take(line, lengthMax);
                }
                else if (line.Length <= lengthMax) // One more than the bound says that there was more.
                {
                    line.Append(buffer[index]);
                }
            }
        }
        if (line.Length > 0) yield return Take(line, lengthMax);
    }

    private static string Take(StringBuilder line, int lengthMax)
    {
        var text = line.Length > lengthMax ? line.ToString(0, lengthMax) + Cut : line.ToString().TrimEnd('\r');
        line.Clear();
        return text;
    }
}
