// What kafkajs sees of a broker: topics, every acknowledgement, gzip, a group, offsets, settings.
const { Kafka, CompressionTypes, logLevel } = require(process.argv[4]);
const [, , address, topic] = process.argv;
const kafka = new Kafka({ clientId: 'kafkajs', brokers: [address], logLevel: logLevel.NOTHING });

const main = async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2, replicationFactor: 1 }] });
  console.log('made', (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length);

  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: 100 }, (_, n) => ({ key: `k${n}`, value: `v${n}`, headers: { h: 'x' } }));
  await producer.send({ topic, messages, acks: -1 });
  await producer.send({ topic, messages, acks: -1, compression: CompressionTypes.GZIP });
  await producer.disconnect();

  const seen = [];
  const consumer = kafka.consumer({ groupId: `${topic}-group`, sessionTimeout: 10000, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`only ${seen.length} came`)), 40000).unref();
    consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(message.value.toString());
        if (seen.length === 200) resolve();
      },
    }).catch(reject);
  });
  const described = await admin.describeGroups([`${topic}-group`]);
  console.log('group', described.groups[0].state);
  await consumer.disconnect();
  const offsets = await admin.fetchOffsets({ groupId: `${topic}-group`, topics: [topic] });
  console.log('committed', offsets[0].partitions.reduce((sum, one) => sum + Number(one.offset), 0));
  console.log('ends', (await admin.fetchTopicOffsets(topic)).reduce((sum, one) => sum + Number(one.high), 0));
  await admin.deleteGroups([`${topic}-group`]);
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  console.log('done');
};
main().then(() => process.exit(0), (error) => { console.log(error.stack); process.exit(1); });
