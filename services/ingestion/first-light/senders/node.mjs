// Sends the same story by one of the two official libraries for Node: node.mjs LIBRARY ADDRESS WRITE-KEY RUN
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';

const [library, address, writeKey, run] = process.argv.slice(2);
const userId = `${run}-user`;
const anonymousId = `${run}-anonymous`;

const libraries = {
  'rudder-gzip': () => rudder(true),
  'rudder-plain': () => rudder(false),
  segment,
};

function rudder(gzip) {
  const client = new RudderAnalytics(writeKey, { dataPlaneUrl: address, gzip, flushAt: 10, logLevel: 'error' });
  return { client, end: () => client.flush() };
}

function segment() {
  const client = new Analytics({ writeKey, host: address, path: '/v1/batch', flushAt: 10, maxRetries: 10 });
  client.on('error', (error) => console.error(error));
  return { client, end: () => client.closeAndFlush({ timeout: 20_000 }) };
}

const { client, end } = libraries[library]();
client.identify({ userId, anonymousId, traits: { email: 'ada@example.com', plan: 'pro' } });
client.track({
  userId,
  event: 'Order Completed',
  properties: { run, order_id: 'o-1', revenue: 12.5, currency: 'EUR' },
  context: { campaign: { source: 'newsletter', name: 'spring', medium: 'email' }, ip: '203.0.113.7' },
});
client.page({ userId, name: 'Pricing', properties: { url: 'https://example.com/pricing' } });
client.screen({ userId, name: 'Home', properties: { run } });
client.group({ userId, groupId: `${run}-group`, traits: { name: 'Analytical Engines' } });
client.alias({ userId, previousId: anonymousId });
for (let n = 0; n < 30; n++) client.track({ anonymousId, event: 'Item Viewed', properties: { run, n } });
await end();
console.log('sent');
