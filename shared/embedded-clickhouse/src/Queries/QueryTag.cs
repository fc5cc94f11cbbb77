namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// How one of the host's queries is found among the engine's: the engine gives ids of its own, and a connection's
/// log_comment is the only text that comes back in <c>system.processes</c>.
/// </summary>
internal readonly record struct QueryTag(long Number, string Comment)
{
    public string LogComment => Comment.Length == 0 ? Prefix : Prefix + Comment;

    public string Condition => $"startsWith(Settings['log_comment'], '{Prefix}')";

    private string Prefix => $"tributary query {Number} ";
}
