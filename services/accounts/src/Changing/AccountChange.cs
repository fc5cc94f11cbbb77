using Tributary.Postgres;

namespace Tributary.Accounts.Changing;

/// <summary>A change under way, inside its transaction.</summary>
internal sealed class AccountChange(
    Work work, Guid organisation, DateTimeOffset now, CancellationToken cancellationToken)
{
    private readonly List<AuditNote> _notes = [];

    public Guid Organisation => organisation;

    public DateTimeOffset Now => now;

    /// <summary>The organisation does not exist (yet).</summary>
    public bool IsNew { get; set; }

    public IReadOnlyList<AuditNote> Notes => _notes;

    public Task<int> ExecuteAsync(string sql, object parameters) =>
        work.ExecuteAsync(sql, parameters, cancellationToken);

    public Task<IReadOnlyList<TRow>> QueryAsync<TRow>(string sql, object parameters) =>
        work.QueryAsync<TRow>(sql, parameters, cancellationToken);

    public async Task<TRow?> FindAsync<TRow>(string sql, object parameters)
        where TRow : class =>
        await QueryAsync<TRow>(sql, parameters) is [var row, ..] ? row : null;

    /// <summary>Has the change kept, with who did what to what. A detail holds no key.</summary>
    public void Note(string action, Guid subject, object detail) => _notes.Add(new(action, subject, detail));
}

internal sealed record AuditNote(string Action, Guid Subject, object Detail);
