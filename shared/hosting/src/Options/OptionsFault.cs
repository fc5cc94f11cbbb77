namespace Tributary.Hosting.Options;

/// <summary>Words a fault so that an operator can mend it: which key, what it must be, how to set it.</summary>
internal static class OptionsFault
{
    public static string Sentence(string key, string? rule)
    {
        var said = (rule ?? "The value is not allowed.").TrimEnd('.', ' ');
        if (said.StartsWith("The field ", StringComparison.Ordinal)) said = said["The field ".Length..];
        if (said.StartsWith($"The {key} field ", StringComparison.Ordinal)) said = said["The ".Length..];
        if (!said.Contains(key, StringComparison.Ordinal)) said = $"{key}: {said}";
        return $"{said} (set it as {OperatorEnvironment.NameOf(key)}).";
    }
}
