using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Tributary.Hosting.Options;

/// <summary>Checks annotations down through nested options, and words each fault with the key it was set by.</summary>
internal sealed class AnnotatedOptions<TOptions>(string name, string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    private const int DepthMax = 8;

    public ValidateOptionsResult Validate(string? validated, TOptions options)
    {
        if (validated != name) return ValidateOptionsResult.Skip;

        var faults = new List<string>();
        Check(options, section, faults, depth: 0);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(object options, string path, List<string> faults, int depth)
    {
        if (depth > DepthMax) return;

        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is null) continue;
            var key = $"{path}:{property.Name}";
            var value = property.GetValue(options);
            Add(faults, key, Annotations(options, property, key, value));
            foreach (var (nestedKey, nested) in Nested(key, value)) Check(nested, nestedKey, faults, depth + 1);
        }
        if (options is IValidatableObject validatable)
        {
            foreach (var result in validatable.Validate(new ValidationContext(options)))
                Add(faults, string.Join(":", result.MemberNames.Take(1).Prepend(path)), [result]);
        }
    }

    private static List<ValidationResult> Annotations(object options, PropertyInfo property, string key, object? value)
    {
        var results = new List<ValidationResult>();
        var context = new ValidationContext(options) { MemberName = property.Name, DisplayName = key };
        Validator.TryValidateValue(
            value!, context, results, property.GetCustomAttributes<ValidationAttribute>(inherit: true));
        return results;
    }

    private static IEnumerable<(string Key, object Nested)> Nested(string key, object? value) => value switch
    {
        null or string => [],
        IDictionary entries => entries.Keys.Cast<object>()
            .Where(entry => IsOptions(entries[entry]))
            .Select(entry => ($"{key}:{entry}", entries[entry]!)),
        IEnumerable items => items.Cast<object?>()
            .Select((item, index) => (Key: $"{key}:{index}", Item: item))
            .Where(pair => IsOptions(pair.Item))
            .Select(pair => (pair.Key, pair.Item!)),
        _ => IsOptions(value) ? [(key, value)] : [],
    };

    private static bool IsOptions(object? value) =>
        value?.GetType() is { IsClass: true, Namespace: var home }
        && home?.StartsWith("System", StringComparison.Ordinal) != true;

    private static void Add(List<string> faults, string key, IEnumerable<ValidationResult> results) =>
        faults.AddRange(results.Select(result => OptionsFault.Sentence(key, result.ErrorMessage)));
}
