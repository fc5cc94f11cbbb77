const asked = new URLSearchParams(location.search);
const run = asked.get('run');
const batches = { strategy: 'batching', config: { size: 5, timeout: 500 } };
const delivery = asked.get('batch') === 'true' ? batches : undefined;
const client = window.AnalyticsNext.AnalyticsBrowser.load(
  { writeKey: asked.get('key'), cdnURL: location.origin },
  { integrations: { 'Segment.io': { apiHost: `${location.host}/v1`, protocol: 'http', deliveryStrategy: delivery } } },
);
await client.identify(`${run}-user`, { email: 'ada@example.com', plan: 'pro' });
await client.page('Shop', 'Pricing', { run });
await client.track('Order Completed', { run, order_id: 'o-1', revenue: 12.5, currency: 'EUR' });
await client.group(`${run}-group`, { name: 'Analytical Engines' });
await client.alias(`${run}-user-2`, `${run}-user`);
for (let n = 0; n < 10; n++) client.track('Item Viewed', { run, n });
