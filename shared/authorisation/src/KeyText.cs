using System.Security.Cryptography;
using System.Text;

namespace Tributary.Authorisation;

/// <summary>
/// How keys are written: a prefix that says what it is, 32 random letters and digits (190 bits), and six more that are
/// made from those before, by which a key that was cut off or misspelt is told from one that is unknown.
/// </summary>
public static class KeyText
{
    public const string OfPrograms = "trb_";
    public const string OfSources = "trw_";
    private const int RandomLength = 32;
    private const int CheckLength = 6;
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new key; nobody else has it.</summary>
    public static string New(string prefix)
    {
        var key = prefix + RandomNumberGenerator.GetString(Letters, RandomLength);
        return key + CheckOf(key);
    }

    /// <summary>What may be shown of an API key, so that people know which one is meant.</summary>
    public static string Visible(string key) => key[..10];

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Why it can't be an API key, whatever is known; null when it may be one.</summary>
    internal static string? FaultOf(string key) => key switch
    {
        _ when key.StartsWith(OfSources, StringComparison.Ordinal) =>
            "This is a source's write key: it sends events. Here an API key (trb_…) is needed.",
        _ when key.StartsWith(OfPrograms, StringComparison.Ordinal) && !IsWhole(key) =>
            "This API key is not whole: part of it is missing or misspelt.",
        _ => null,
    };

    private static bool IsWhole(string key) => key.Length == OfPrograms.Length + RandomLength + CheckLength
        && key[^CheckLength..] == CheckOf(key[..^CheckLength]);

    private static string CheckOf(string key)
    {
        var rest = BitConverter.ToUInt32(HashOf(key));
        return string.Create(CheckLength, rest, static (letters, left) =>
        {
            for (var index = letters.Length - 1; index >= 0; index--, left /= (uint)Letters.Length)
                letters[index] = Letters[(int)(left % (uint)Letters.Length)];
        });
    }
}
