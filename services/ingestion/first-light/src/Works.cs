namespace Tributary.FirstLight;

/// <summary>Which of ingestion's works a process of it does.</summary>
[Flags]
internal enum Works
{
    Nothing = 0,
    Receive = 1,
    Deduplicate = 2,
    Store = 4,
    All = Receive | Deduplicate | Store,
}
