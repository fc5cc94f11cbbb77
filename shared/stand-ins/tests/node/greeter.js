// Loads the same greeter.proto that the other side is generated from. The packages are found by NODE_PATH.
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, 'greeter.proto'), { keepCase: true, defaults: true });
module.exports = { grpc, Greeter: grpc.loadPackageDefinition(definition).tributary.tests.v1.Greeter };
