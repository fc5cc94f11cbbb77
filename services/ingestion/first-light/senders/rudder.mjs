const asked = new URLSearchParams(location.search);
const run = asked.get('run');
const client = new window.rudderanalytics.RudderAnalytics();
client.load(asked.get('key'), location.origin, {
  configUrl: location.origin,
  logLevel: 'WARN',
  queueOptions: { batch: { enabled: asked.get('batch') === 'true', maxItems: 5, flushInterval: 500 } },
});
client.ready(() => console.log('ready'));
client.identify(`${run}-user`, { email: 'ada@example.com', plan: 'pro' });
client.page('Shop', 'Pricing', { run });
client.track('Order Completed', { run, order_id: 'o-1', revenue: 12.5, currency: 'EUR' });
client.group(`${run}-group`, { name: 'Analytical Engines' });
client.alias(`${run}-user-2`, `${run}-user`);
for (let n = 0; n < 10; n++) client.track('Item Viewed', { run, n });
