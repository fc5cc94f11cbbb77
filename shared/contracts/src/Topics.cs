using Tributary.Contracts.V1;

namespace Tributary.Contracts;

/// <summary>
/// Every topic of the product, declared once. Nothing else names a topic. A service creates the topics that it owns
/// from here, and refuses to start when the broker's differ.
/// </summary>
public static class Topics
{
    /// <summary>Every event that was accepted, repeats and all.</summary>
    public static readonly Topic<Event> Received = new(
        "received.v1", 12, Days(2), LargestEvent, "ingestion", ["ingestion"], KeyOf, Event.Parser)
    {
        KeyedBy = "organisation / anonymous id, else user id",
    };

    /// <summary>Every event, each message id once; partition for partition as received.</summary>
    public static readonly Topic<Event> Events = new(
        "events.v1", 12, Days(7), LargestEvent,
        "ingestion", ["ingestion", "attribution", "bandit", "utm", "console"], KeyOf, Event.Parser)
    {
        KeyedBy = "organisation / anonymous id, else user id",
    };

    /// <summary>What was refused after authentication, and why.</summary>
    public static readonly Topic<RejectedEvent> EventsRejected = new(
        "events.rejected.v1", 3, Days(14), MiB, "ingestion", ["ingestion", "console"],
        rejected => TopicKey.Of(rejected.Organisation, rejected.Source), RejectedEvent.Parser)
    {
        KeyedBy = "organisation / source",
    };

    /// <summary>Clicks on links. They are here and not in <see cref="Events"/>.</summary>
    public static readonly Topic<Click> Clicks = new(
        "clicks.v1", 12, Days(7), MiB, "utm", ["attribution", "ingestion"],
        click => TopicKey.Of(click.Organisation, click.Visitor), Click.Parser)
    {
        KeyedBy = "organisation / visitor",
    };

    /// <summary>Which touchpoints earned a conversion; a later version replaces an earlier one.</summary>
    public static readonly Topic<Credits> Credits = new(
        "credits.v1", 12, Days(30), 2 * MiB, "attribution", ["bandit", "ingestion", "utm"],
        credits => TopicKey.Of(credits.Organisation, credits.Conversion), V1.Credits.Parser)
    {
        KeyedBy = "organisation / conversion",
    };

    /// <summary>Whether a click, conversion, publisher or device is fraud.</summary>
    public static readonly Topic<FraudVerdict> Fraud = new(
        "fraud.v1", 3, Days(30), MiB, "attribution", ["bandit", "ingestion"],
        verdict => TopicKey.Of(verdict.Organisation, verdict.Subject), FraudVerdict.Parser)
    {
        KeyedBy = "organisation / subject",
    };

    /// <summary>The arms' latest state.</summary>
    public static readonly Topic<ArmState> Arms = new(
        "arms.v1", 3, new Retention.LatestPerKey(), MiB, "bandit", ["creatives", "ingestion", "vision"],
        arm => TopicKey.Of(arm.Organisation, arm.Arm), ArmState.Parser)
    {
        KeyedBy = "organisation / arm",
    };

    /// <summary>What the bandit chose, and all that is needed to choose it again.</summary>
    public static readonly Topic<Decision> Decisions = new(
        "decisions.v1", 12, Days(30), MiB, "bandit", ["ingestion"],
        decision => TopicKey.Of(decision.Organisation, decision.Unit), Decision.Parser)
    {
        KeyedBy = "organisation / unit",
    };

    /// <summary>The catalogue's latest state.</summary>
    public static readonly Topic<Creative> Creatives = new(
        "creatives.v1", 3, new Retention.LatestPerKey(), MiB, "creatives", ["bandit", "vision"],
        creative => TopicKey.Of(creative.Organisation, creative.Creative_), Creative.Parser)
    {
        KeyedBy = "organisation / creative",
    };

    /// <summary>What creatives show, latest.</summary>
    public static readonly Topic<Analysis> Analyses = new(
        "analyses.v1", 3, new Retention.LatestPerKey(), 2 * MiB, "vision", ["bandit", "creatives"],
        analysis => TopicKey.Of(analysis.Organisation, analysis.Creative), Analysis.Parser)
    {
        KeyedBy = "organisation / creative",
    };

    /// <summary>The ad platforms' figures; a later version of a span replaces an earlier one.</summary>
    public static readonly Topic<CampaignMetrics> Metrics = new(
        "metrics.v1", 6, Days(30), MiB, "rules", ["ingestion", "rules"],
        metrics => TopicKey.Of(metrics.Organisation, $"{metrics.Platform}:{metrics.Campaign}"), CampaignMetrics.Parser)
    {
        KeyedBy = "organisation / platform : campaign",
    };

    /// <summary>What rules and people want done to campaigns.</summary>
    public static readonly Topic<ActionRequested> Actions = new(
        "actions.v1", 3, Days(30), MiB, "rules", ["rules"],
        action => TopicKey.Of(action.Organisation, $"{action.Platform}:{action.Campaign}"), ActionRequested.Parser)
    {
        KeyedBy = "organisation / platform : campaign",
    };

    /// <summary>What became of it.</summary>
    public static readonly Topic<ActionExecuted> Executions = new(
        "executions.v1", 3, Days(30), MiB, "rules", ["ingestion"],
        executed => TopicKey.Of(executed.Organisation, $"{executed.Platform}:{executed.Campaign}"),
        ActionExecuted.Parser)
    {
        KeyedBy = "organisation / platform : campaign",
    };

    /// <summary>The models' latest state.</summary>
    public static readonly Topic<ModelVersion> Models = new(
        "models.v1", 1, new Retention.LatestPerKey(), MiB, "prediction", ["rules"],
        model => TopicKey.Of(model.Organisation, model.Model), ModelVersion.Parser)
    {
        KeyedBy = "organisation / model",
    };

    /// <summary>All that a service needs in order to authorise without a call.</summary>
    public static readonly Topic<AccountState> Accounts = new(
        "accounts.v1", 1, new Retention.LatestPerKey(), 4 * MiB, "accounts", EveryService,
        account => TopicKey.Of(account.Organisation), AccountState.Parser)
    {
        KeyedBy = "organisation",
    };

    /// <summary>Orders to forget or suppress a person, for every service that holds personal data.</summary>
    public static readonly Topic<PrivacyOrder> Privacy = new(
        "privacy.v1", 1, Days(30), MiB, "ingestion", ["attribution", "bandit", "ingestion", "utm"],
        order => TopicKey.Of(order.Organisation, order.Subject), PrivacyOrder.Parser)
    {
        KeyedBy = "organisation / person",
    };

    /// <summary>Every topic but those for the dead letters and retries of each service.</summary>
    public static IReadOnlyList<Topic> Streams { get; } =
    [
        Received, Events, EventsRejected, Clicks, Credits, Fraud, Arms, Decisions,
        Creatives, Analyses, Metrics, Actions, Executions, Models, Accounts, Privacy,
    ];

    /// <summary>Every topic.</summary>
    public static IReadOnlyList<Topic> All { get; } =
    [
        .. Streams,
        .. from service in Streams.SelectMany(topic => topic.Readers).Distinct().Order(StringComparer.Ordinal)
           from topic in new[] { DeadLettersOf(service), RetriesOf(service) }
           select topic,
    ];

    /// <summary>The topics that a service creates and writes.</summary>
    public static IEnumerable<Topic> OwnedBy(string service) => All.Where(topic => topic.Owner == service);

    /// <summary>The topics that a service may read.</summary>
    public static IEnumerable<Topic> ReadBy(string service) => All.Where(topic => topic.Readers.Contains(service));

    /// <summary>What the service could not process, until someone replays it or it expires.</summary>
    public static CarrierTopic DeadLettersOf(string service) =>
        new($"dead.{service}", 1, Days(30), LargestCarried, service, []) { KeyedBy = Origin };

    /// <summary>What the service is to try again; it alone reads it.</summary>
    public static CarrierTopic RetriesOf(string service) =>
        new($"retry.{service}", 1, Days(30), LargestCarried, service, [service]) { KeyedBy = Origin };

    /// <summary>Each authorises its callers.</summary>
    private static string[] EveryService =>
    [
        "accounts", "attribution", "bandit", "console", "creatives", "ingestion", "prediction", "rules", "utm",
        "vision",
    ];

    private const string Origin = "origin: topic id / partition / offset";

    // The smallest limit too: brokers hold it against a batch on the wire, not against one record.
    private const int MiB = 1024 * 1024;

    // The largest event that the edge accepts is 4,096,000 bytes; the envelope's typed fields repeat some of it.
    private const int LargestEvent = 6 * MiB;

    // Any record of a stream, and the headers that say where it came from and why.
    private const int LargestCarried = LargestEvent + MiB;

    private static Retention.DeletedAfter Days(int days) => new(TimeSpan.FromDays(days));

    private static string KeyOf(Event sent) =>
        TopicKey.Of(sent.Organisation, sent.AnonymousId.Length > 0 ? sent.AnonymousId : sent.UserId);
}
