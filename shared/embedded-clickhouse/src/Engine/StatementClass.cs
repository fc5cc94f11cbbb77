namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>What a statement does to what outlives it; the numbers are the engine's.</summary>
internal enum StatementClass
{
    ReadOnly = 0,
    Mutating = 1,
    MutatingGlobal = 2,
    Control = 3,
    Unknown = 4,
}
