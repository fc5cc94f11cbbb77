using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>Who may call an endpoint is written beside it.</summary>
internal static class Endpoints
{
    private static readonly string[] Maps =
    [
        "MapGet", "MapPost", "MapPut", "MapPatch", "MapDelete", "MapMethods", "MapGrpcService", "MapRazorComponents",
        "MapHub",
    ];

    private static readonly string[] Answers =
        ["RequirePermission", "RequireService", "RequireAuthorization", "AllowAnonymous"];

    /// <summary>Each statement, and each body without one, that maps an endpoint says who may call it.</summary>
    public static IEnumerable<string> SayWhoMayCall(Tree tree) =>
        from file in tree.Shipped()
        where file.Path.StartsWith("services/", StringComparison.Ordinal)
        from statement in Limits.Nodes(file.Text)
            .Where(node => node is StatementSyntax and not BlockSyntax or ArrowExpressionClauseSyntax)
        let calls = Calls(statement)
        where calls.Any(Maps.Contains) && !calls.Any(Answers.Contains)
        let line = statement.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select $"{file.Path}:{line} maps an endpoint and does not say who may call it";

    private static List<string> Calls(SyntaxNode statement) =>
        [.. statement.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(call => (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text ?? "")];
}
