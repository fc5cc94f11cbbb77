// Serves the greeter on a free port, prints the port, and ends with its standard input.
const { grpc, Greeter } = require('./greeter.js');

function greet(call, answer) {
  const { name, delay_ms: delay, fault } = call.request;
  if (delay) return setTimeout(() => answer(null, {}), delay);
  const trailers = new grpc.Metadata();
  if (fault) {
    trailers.set('grpc-status-details-bin', Buffer.from([8, 9]));
    return answer({ code: grpc.status.FAILED_PRECONDITION, details: 'größer', metadata: trailers });
  }
  trailers.set('x-trail', 'node');
  const asked = call.metadata.get('x-ask-bin')[0];
  return answer(null, { message: `node hi ${name} ${asked ? asked.toString('hex') : ''}` }, trailers);
}

const server = new grpc.Server();
server.addService(Greeter.service, {
  Greet: greet,
  Count(call) {
    for (let value = 1; value <= call.request.to; value++) call.write({ value });
    call.end();
  },
  Sum(call, answer) {
    let sum = 0;
    call.on('data', (number) => (sum += number.value));
    call.on('end', () => answer(null, { value: sum }));
  },
  Chat(call) {
    call.on('data', (request) => call.write({ message: `node: ${request.name}` }));
    call.on('end', () => call.end());
  },
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_, port) => console.log(port));
process.stdin.on('end', () => process.exit(0)).resume();
