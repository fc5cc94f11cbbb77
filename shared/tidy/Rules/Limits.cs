using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>How large things may be.</summary>
internal static class Limits
{
    private const int Columns = 120;
    private const int FileLines = 400;
    private const int MethodLines = 60;
    private const int ConstructorArguments = 5;
    private const int ProgramLines = 60;

    public static IEnumerable<string> OfColumns(Tree tree) =>
        from file in tree.Code().Concat(tree.Ending(".proto", ".sql", ".css", ".razor", ".js", ".mjs"))
                        .Concat(tree.Scripts()).DistinctBy(file => file.Path)
        from line in file.Text.Split('\n').Select((text, index) => (text.Length, Number: index + 1))
        where line.Length > Columns
        select $"{file.Path}:{line.Number} has {line.Length} columns, over {Columns}";

    public static IEnumerable<string> OfFiles(Tree tree) =>
        from file in tree.Code().Concat(tree.Ending(".proto", ".sql", ".css", ".razor", ".js", ".mjs"))
                        .Concat(tree.Scripts()).DistinctBy(file => file.Path)
        let lines = file.Text.AsSpan().Count('\n')
        where lines > FileLines
        select $"{file.Path} has {lines} lines, over {FileLines}: a file fits in one sitting";

    public static IEnumerable<string> OfPrograms(Tree tree) =>
        from file in tree.Code()
        where file.Path.StartsWith("services/", StringComparison.Ordinal)
        where file.Path.EndsWith("/src/Program.cs", StringComparison.Ordinal)
        let lines = file.Text.AsSpan().Count('\n')
        where lines > ProgramLines
        select $"{file.Path} has {lines} lines, over {ProgramLines}: a Program is a contents page";

    public static IEnumerable<string> OfMethods(Tree tree) =>
        from file in tree.Code()
        from method in Nodes(file.Text)
        where method is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
        let span = method.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MethodLines
        select $"{file.Path}:{span.StartLinePosition.Line + 1} is a method of {lines} lines, over {MethodLines}";

    /// <summary>
    /// Records are exempt: theirs are fields, not collaborators. So is what stands in for a package: its shape is the
    /// package's.
    /// </summary>
    public static IEnumerable<string> OfConstructors(Tree tree) =>
        from file in tree.Code()
        where !file.Path.StartsWith("shared/stand-ins/", StringComparison.Ordinal)
        from node in Nodes(file.Text)
        let arguments = node switch
        {
            ConstructorDeclarationSyntax made => made.ParameterList.Parameters.Count,
            ClassDeclarationSyntax { ParameterList: { } primary } => primary.Parameters.Count,
            _ => 0,
        }
        where arguments > ConstructorArguments
        select $"{file.Path}: a constructor with {arguments} arguments, over {ConstructorArguments}";

    internal static IEnumerable<SyntaxNode> Nodes(string code) =>
        CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes();
}
