namespace Tributary.Console.Sessions;

/// <summary>The hidden field by which a form shows that it is ours.</summary>
internal static class FormField
{
    public const string Name = "form";
    public const string Cookie = "tributary_form";
}
