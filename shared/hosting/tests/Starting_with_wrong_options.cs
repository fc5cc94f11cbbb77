using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Tributary.Hosting.Tests;

public class Starting_with_wrong_options
{
    [TestCase("Window", "3.00:00:00", "must be between 00:00:01 and 01:00:00", TestName = "Out of its range")]
    [TestCase("Window", "soon", "must be a time span", TestName = "Not of its type")]
    [TestCase("Inner:Count", "0", "must be between 1 and 9", TestName = "Wrong deep inside")]
    [TestCase("Inner:Count", "many", "must be a whole number", TestName = "Not of its type deep inside")]
    [TestCase("Named:first:Count", "10", "must be between 1 and 9", TestName = "Wrong in an entry")]
    [TestCase("Colour", "ultraviolet", "must be one of Red, Green", TestName = "Not one of the words")]
    [TestCase("From", "9", "From comes before To", TestName = "Values that contradict each other")]
    public void Is_said_with_the_key_and_never_the_value(string key, string value, string rule)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(($"Sample:{key}", value)));

        var sentence = fault!.Failures.Single();
        Assert.That(sentence, Does.Contain($"Sample:{key}").And.Contain(rule));
        Assert.That(sentence, Does.Not.Contain($"'{value}'").And.Not.Contain($"\"{value}\""));
    }

    [Test]
    public void A_secret_of_the_wrong_kind_is_not_repeated()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(("Sample:Secret", "hunter2")));

        Assert.That(fault!.Message, Does.Contain("Sample:Secret").And.Not.Contain("hunter2"));
    }

    [Test]
    public void Every_fault_is_said_at_once()
    {
        var fault = Assert.Throws<OptionsValidationException>(
            () => Read(("Sample:Window", "soon"), ("Sample:Inner:Count", "many"), ("Sample:Colour", "none")));

        Assert.That(fault!.Failures, Has.Exactly(3).Items);
    }

    [Test]
    public void What_is_missing_is_named_as_operators_name_it()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddValidatedOptions<Database>("Database");
        using var app = builder.Build();

        var fault = Assert.Throws<OptionsValidationException>(
            () => _ = app.Services.GetRequiredService<IOptions<Database>>().Value);

        Assert.That(fault!.Message, Does.Contain("Database:Url").And.Contain("set it as DATABASE_URL"));
    }

    [Test]
    public void Right_values_are_bound() => Assert.Multiple(() =>
    {
        var sample = Read(("Sample:Window", "00:00:07"), ("Sample:Named:second:Count", "4"));
        Assert.That(sample.Window, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(sample.Named["second"].Count, Is.EqualTo(4));
    });

    [Test]
    public void Operators_names_win_over_files_and_lose_to_the_keys_own_name()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = "from the operators' name",
            ["KAFKA_BROKERS"] = "broker:9092",
            ["Kafka:Brokers"] = "own name",
            ["REDIS_URL"] = "",
        });

        builder.AddServiceDefaults("tested");

        Assert.That(builder.Configuration["Database:Url"], Is.EqualTo("from the operators' name"));
        Assert.That(builder.Configuration["Kafka:Brokers"], Is.EqualTo("own name"));
        Assert.That(builder.Configuration["Redis:Url"], Is.Null);
    }

    [Test]
    public void Defaults_are_added_once_in_a_process()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults("tested");

        Assert.That(() => builder.AddServiceDefaults("again"), Throws.InvalidOperationException);
    }

    private static Sample Read(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddValidatedOptions<Sample>("Sample");
        using var app = builder.Build();
        return app.Services.GetRequiredService<IOptions<Sample>>().Value;
    }

    private sealed class Database
    {
        [Required]
        public string Url { get; init; } = "";
    }

    private sealed class Sample : IValidatableObject
    {
        [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
        public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

        public Colour Colour { get; init; }
        public Guid Secret { get; init; }
        public int From { get; init; } = 1;
        public int To { get; init; } = 2;
        public Nested Inner { get; init; } = new();
        public Dictionary<string, Nested> Named { get; init; } = [];

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (From > To) yield return new("From comes before To", [nameof(From)]);
        }
    }

    private sealed class Nested
    {
        [Range(1, 9)]
        public int Count { get; init; } = 1;
    }

    private enum Colour
    {
        Red,
        Green,
    }
}
