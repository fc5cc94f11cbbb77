using Microsoft.AspNetCore.WebUtilities;

namespace Tributary.Hosting.Problems;

internal static class ProblemTitles
{
    public static string Of(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
        ? phrase
        : "The request failed";
}
