using System.Text;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Storing;

/// <summary>A reason as the table has it: the contract's name in lower case, as <c>too_large</c>.</summary>
internal static class ReasonText
{
    public static string Of(RejectionReason reason)
    {
        var text = new StringBuilder();
        foreach (var letter in reason.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
