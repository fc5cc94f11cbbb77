// Calls the server whose address is given, and prints one line of JSON per promise that was kept.
const { grpc, Greeter } = require('./greeter.js');

const client = new Greeter(process.argv[2], grpc.credentials.createInsecure());
const gzip = new Greeter(process.argv[2], grpc.credentials.createInsecure(), {
  'grpc.default_compression_algorithm': 2,
});

const greet = (by, request, metadata = new grpc.Metadata(), options = {}) =>
  new Promise((resolve) => {
    const outcome = {};
    const call = by.Greet(request, metadata, options, (error, reply) => Object.assign(outcome, { error, reply }));
    call.on('metadata', (headers) => (outcome.headers = headers));
    call.on('status', (status) => setImmediate(() => resolve({ ...outcome, status })));
    if (options.cancelAfter) setTimeout(() => call.cancel(), options.cancelAfter);
  });

const collect = (call) =>
  new Promise((resolve, reject) => {
    const got = [];
    call.on('data', (message) => got.push(message));
    call.on('end', () => resolve(got));
    call.on('error', reject);
  });

async function chat(turns) {
  const call = client.Chat();
  const done = collect(call);
  for (let turn = 0; turn < turns; turn++) call.write({ name: `n${turn}` });
  call.end();
  return (await done).map((reply) => reply.message);
}

function sum(values) {
  return new Promise((resolve, reject) => {
    const call = client.Sum((error, reply) => (error ? reject(error) : resolve(reply.value)));
    for (const value of values) call.write({ value });
    call.end();
  });
}

async function main() {
  const metadata = new grpc.Metadata();
  metadata.set('x-ask-bin', Buffer.from([1, 255]));
  const unary = await greet(client, { name: 'node' }, metadata);
  const detailed = await greet(client, { fault: 'detailed' });
  const results = {
    unary: unary.reply.message,
    binaryRequestMetadata: unary.reply.seen['x-ask-bin'],
    binaryResponseHeader: [...unary.headers.get('x-head-bin')[0]],
    trailer: unary.status.metadata.get('x-trail')[0],
    serverStream: (await collect(client.Count({ to: 2000 }))).length,
    clientStream: await sum([1, 2, 3]),
    duplex: await chat(3),
    deadline: (await greet(client, { delay_ms: 30000 }, undefined, { deadline: Date.now() + 200 })).status.code,
    cancelled: (await greet(client, { delay_ms: 30000 }, undefined, { cancelAfter: 100 })).status.code,
    detail: [detailed.status.code, detailed.status.details, detailed.status.metadata.get('x-why')[0]],
    statusDetails: [...detailed.status.metadata.get('grpc-status-details-bin')[0]],
    thrown: (await greet(client, { fault: 'thrown' })).status.details,
    compressed: (await greet(gzip, { name: 'q'.repeat(50000) })).reply.message.length,
    tooLarge: (await greet(client, { name: 'x'.repeat(2 << 20) })).status.code,
  };
  console.log(JSON.stringify(results));
  process.exit(0);
}

main();
