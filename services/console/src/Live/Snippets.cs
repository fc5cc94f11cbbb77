namespace Tributary.Console.Live;

/// <summary>How a first event is sent, ready to be copied.</summary>
internal static class Snippets
{
    public static IReadOnlyList<(string Title, string Text)> For(string edge) =>
    [
        ("curl", $$$"""
            curl {{{edge}}}/v1/track -u WRITE_KEY: -H 'Content-Type: application/json' \
              -d '{"userId":"ann","event":"first_event","properties":{"plan":"pro"}}'
            """),
        ("Browser: RudderStack's SDK", $$$"""
            import { RudderAnalytics } from '@rudderstack/analytics-js';

            const analytics = new RudderAnalytics();
            analytics.load('WRITE_KEY', '{{{edge}}}', { configUrl: '{{{edge}}}' });
            analytics.track('first_event', { plan: 'pro' });
            """),
        ("Node.js: Segment's SDK", $$$"""
            import { Analytics } from '@segment/analytics-node';

            const analytics = new Analytics({ writeKey: 'WRITE_KEY', host: '{{{edge}}}' });
            analytics.track({ userId: 'ann', event: 'first_event', properties: { plan: 'pro' } });
            await analytics.closeAndFlush();
            """),
    ];
}
