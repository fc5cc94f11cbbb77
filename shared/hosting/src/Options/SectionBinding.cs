using System.ComponentModel;
using System.Reflection;

namespace Tributary.Hosting.Options;

/// <summary>Binds a section. A value of the wrong type becomes a sentence that does not quote it.</summary>
internal static class SectionBinding
{
    private const int DepthMax = 8;

    public static void Bind<TOptions>(string name, IConfigurationSection section, TOptions options)
        where TOptions : class
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException)
        {
            // The binder stops at the first fault and quotes the value: look for all of them, and quote none.
            var faults = Faults(section, typeof(TOptions), depth: 0).DefaultIfEmpty(
                OptionsFault.Sentence(section.Path, "The section cannot be read"));
            throw new OptionsValidationException(name, typeof(TOptions), faults);
        }
    }

    /// <summary>For what is needed before options are checked: what cannot be bound keeps its defaults.</summary>
    public static TOptions BindOrDefault<TOptions>(IConfigurationSection section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        try
        {
            section.Bind(options);
            return options;
        }
        catch (InvalidOperationException)
        {
            return new TOptions();
        }
    }

    private static IEnumerable<string> Faults(IConfigurationSection section, Type type, int depth)
    {
        if (depth > DepthMax) return [];

        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .SelectMany(property => FaultsOf(section.GetSection(property.Name), property.PropertyType, depth));
    }

    private static IEnumerable<string> FaultsOf(IConfigurationSection value, Type type, int depth)
    {
        if (value.Value is null)
            return value.Exists() ? Faults(value, type, depth + 1).Concat(FaultsOfItems(value, type, depth)) : [];

        var converter = TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type);
        return !converter.CanConvertFrom(typeof(string)) || CanConvert(converter, value.Value)
            ? []
            : [OptionsFault.Sentence(value.Path, $"{value.Path} must be {Describe(type)}")];
    }

    private static IEnumerable<string> FaultsOfItems(IConfigurationSection items, Type type, int depth) =>
        type.IsGenericType
            ? items.GetChildren().SelectMany(item => FaultsOf(item, type.GetGenericArguments()[^1], depth + 1))
            : [];

    private static bool CanConvert(TypeConverter converter, string value)
    {
        try
        {
            converter.ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or NotSupportedException
            or OverflowException or InvalidCastException)
        {
            return false;
        }
    }

    private static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return $"one of {string.Join(", ", Enum.GetNames(plain))}";
        if (plain == typeof(TimeSpan)) return "a time span such as 00:00:30";
        if (plain == typeof(bool)) return "true or false";
        return plain == typeof(int) || plain == typeof(long) ? "a whole number" : $"a {plain.Name}";
    }
}
