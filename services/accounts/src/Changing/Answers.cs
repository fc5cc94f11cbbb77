using Microsoft.AspNetCore.Http.HttpResults;

namespace Tributary.Accounts.Changing;

/// <summary>A part of a list, in the order in which things were made.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">Ask with <c>?after=</c> this for what follows; absent when that was all.</param>
internal sealed record Page<TItem>(IReadOnlyList<TItem> Items, string? Next)
{
    /// <param name="read">One more than asked for, where there is more.</param>
    public static Page<TItem> Of(IReadOnlyList<TItem> read, int limit, Func<TItem, Guid> id) => read.Count > limit
        ? new([.. read.Take(limit)], $"{id(read[limit - 1]):N}")
        : new(read, Next: null);
}

/// <summary>The problems that every endpoint answers with.</summary>
internal static class Answers
{
    public const int PageMax = 200;

    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem($"There is no such {what} in this organisation.", statusCode: 404);

    /// <summary>The name is taken; with the id of what has it, so that a repeated request finds what it made.</summary>
    public static ProblemHttpResult Taken(string what, string name, Guid existing) => TypedResults.Problem(
        $"There is {what} called \"{name}\" already.",
        statusCode: 409,
        extensions: new Dictionary<string, object?> { ["existing"] = existing });

    public static ProblemHttpResult Conflict(string why) => TypedResults.Problem(why, statusCode: 409);

    public static ProblemHttpResult Invalid(Faults faults) => TypedResults.Problem(
        string.Join(' ', faults.ByField.Values),
        statusCode: 400,
        extensions: new Dictionary<string, object?> { ["errors"] = faults.ByField });

    public static ProblemHttpResult Forbidden(string why) => TypedResults.Problem(why, statusCode: 403);
}
