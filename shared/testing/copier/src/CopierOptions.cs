namespace Tributary.Copier;

/// <summary>What the test that starts the program tells it, by its environment.</summary>
public sealed record CopierOptions(string Bootstrap, string From, string To, string ReadyFile)
{
    public IReadOnlyDictionary<string, string> ToEnvironment() => new Dictionary<string, string>
    {
        ["COPIER_KAFKA"] = Bootstrap,
        ["COPIER_FROM"] = From,
        ["COPIER_TO"] = To,
        ["COPIER_READY"] = ReadyFile,
    };

    public static CopierOptions FromEnvironment(Func<string, string?> environment) => new(
        environment("COPIER_KAFKA")!, environment("COPIER_FROM")!, environment("COPIER_TO")!,
        environment("COPIER_READY")!);
}
