using System.ComponentModel.DataAnnotations;

namespace Tributary.Console.Sessions;

/// <summary>Section <c>Encryption</c>: the installation's secret, <c>ENCRYPTION_KEY</c>.</summary>
internal sealed class SealingOptions
{
    /// <summary>At least 32 characters; empty: a secret of this process's life: a restart signs everyone out.</summary>
    [RegularExpression("^(.{32,})?$", ErrorMessage = "Encryption:Key must have at least 32 characters, random ones.")]
    public string Key { get; init; } = "";
}
