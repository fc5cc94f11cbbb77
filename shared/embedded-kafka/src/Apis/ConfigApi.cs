using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Where a shown setting comes from, by the protocol's numbers.</summary>
internal static class ConfigSource
{
    public const sbyte Topic = 1;
    public const sbyte StaticBroker = 4;
    public const sbyte Default = 5;
}

/// <summary>
/// Settings of topics are shown and altered; those of the broker are shown, and set where it is started.
/// </summary>
internal sealed class ConfigApi(TopicCatalogue topics, BrokerIdentity self, BrokerSettings broker)
{
    private const sbyte TopicResource = 2;
    private const sbyte BrokerResource = 4;
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    public IElement Describe(DescribeConfigsRequest request, RequestContext context)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var result = new DescribeConfigsResponse.DescribeConfigsResult
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorMessage = null,
            };
            var refusal = resource.ResourceType switch
            {
                TopicResource => DescribeTopic(resource.ResourceName, request.IncludeSynonyms, result),
                BrokerResource => DescribeBroker(resource.ResourceName, result),
                _ => new Refusal(
                    ErrorCode.InvalidRequest, $"Resources of type {resource.ResourceType} have no settings here."),
            };
            (result.ErrorCode, result.ErrorMessage) = (refusal?.Error ?? ErrorCode.None, refusal?.Reason);
            if (resource.ConfigurationKeys is { Count: > 0 } keys)
                result.Configs.RemoveAll(config => !keys.Contains(config.Name));
            response.Results.Add(result);
        }

        return response;
    }

    public IElement Alter(AlterConfigsRequest request, RequestContext context)
    {
        var response = new AlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var settings = new Dictionary<string, string?>();
            foreach (var config in resource.Configs) settings[config.Name] = config.Value;
            var refusal =
                Apply(resource.ResourceType, resource.ResourceName, _ => (settings, null), request.ValidateOnly);
            response.Responses.Add(new()
            {
                ErrorCode = refusal?.Error ?? ErrorCode.None,
                ErrorMessage = refusal?.Reason,
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            });
        }

        return response;
    }

    public IElement AlterIncrementally(IncrementalAlterConfigsRequest request, RequestContext context)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var refusal = Apply(
                resource.ResourceType, resource.ResourceName, topic => Merge(topic, resource.Configs),
                request.ValidateOnly);
            response.Responses.Add(new()
            {
                ErrorCode = refusal?.Error ?? ErrorCode.None,
                ErrorMessage = refusal?.Reason,
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            });
        }

        return response;
    }

    private Refusal? Apply(
        sbyte type, string name, Func<Topic, (Dictionary<string, string?> Settings, Refusal? Refusal)> change,
            bool validateOnly)
    {
        if (type != TopicResource)
            return new Refusal(
                ErrorCode.InvalidRequest, "Only the settings of topics can be altered while the broker runs.");
        if (topics.Find(name) is not { } topic)
            return new Refusal(ErrorCode.UnknownTopicOrPartition, $"The topic '{name}' does not exist.");
        var (settings, refusal) = change(topic);
        if (refusal is not null) return refusal;
        return validateOnly ? TopicCatalogue.RefuseSettings(settings) : topics.Alter(topic, settings);
    }

    private static (Dictionary<string, string?> Settings, Refusal? Refusal) Merge(
        Topic topic, List<IncrementalAlterConfigsRequest.AlterableConfig> changes)
    {
        var settings = topic.Settings.Overrides.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        if (changes.CountBy(change => change.Name).Any(name => name.Value > 1))
            return (settings, new Refusal(ErrorCode.InvalidRequest, "A setting is named more than once."));
        foreach (var change in changes)
        {
            if (change.ConfigOperation is Append or Subtract && !TopicSetting.IsList(change.Name))
                return (
                    settings,
                    new Refusal(ErrorCode.InvalidConfig, $"Can't add to or take from {change.Name}: it is no list."));
            var setting = TopicSetting.ByName.GetValueOrDefault(change.Name);
            var present = settings.GetValueOrDefault(change.Name) ?? setting?.Default ?? "";
            var items = present.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList();
            var named = (change.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
            switch (change.ConfigOperation)
            {
                case Set: settings[change.Name] = change.Value; break;
                case Delete: settings.Remove(change.Name); break;
                case Append: settings[change.Name] = string.Join(',', items.Union(named)); break;
                case Subtract: settings[change.Name] = string.Join(',', items.Except(named)); break;
                default: return (settings, new Refusal(ErrorCode.InvalidRequest, "A change is of an unknown kind."));
            }
        }

        return (settings, null);
    }

    private Refusal? DescribeTopic(string name, bool synonyms, DescribeConfigsResponse.DescribeConfigsResult result)
    {
        if (topics.Find(name) is not { } topic)
        {
            return TopicName.Refuse(name) is { } illegal
                ? new Refusal(ErrorCode.InvalidTopic, illegal)
                : new Refusal(ErrorCode.UnknownTopicOrPartition, $"The topic '{name}' does not exist.");
        }

        foreach (var setting in TopicSetting.All)
        {
            var isOverridden = topic.Settings.Overrides.TryGetValue(setting.Name, out var value);
            var source = isOverridden ? ConfigSource.Topic : ConfigSource.Default;
            var shown = Shown(setting.Name, value ?? setting.Default, setting.Kind, source);
            if (synonyms) shown.Synonyms = Synonyms(setting, value);
            result.Configs.Add(shown);
        }

        return null;
    }

    private static List<DescribeConfigsResponse.DescribeConfigsSynonym> Synonyms(TopicSetting setting, string? value)
    {
        var byDefault = new DescribeConfigsResponse.DescribeConfigsSynonym
        {
            Name = setting.Name,
            Value = setting.Default,
            Source = ConfigSource.Default,
        };
        return value is null
            ? [byDefault]
            : [new() { Name = setting.Name, Value = value, Source = ConfigSource.Topic }, byDefault];
    }

    private Refusal? DescribeBroker(string name, DescribeConfigsResponse.DescribeConfigsResult result)
    {
        if (name.Length > 0 && name != self.NodeName)
            return new Refusal(
                ErrorCode.InvalidRequest, $"Unexpected broker id, expected {self.NodeName}, but received {name}");
        if (name.Length == 0) return null; // The defaults of a whole cluster: there are none.
        foreach (var (setting, value, kind) in broker.All)
        {
            var shown = Shown(setting, value, kind, ConfigSource.StaticBroker);
            shown.ReadOnly = true;
            result.Configs.Add(shown);
        }

        return null;
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Shown(
        string name, string value, SettingKind kind, sbyte source) =>
        new() { Name = name, Value = value, ConfigSource = source, ConfigType = (sbyte)kind, Documentation = null };
}
