"""What confluent-kafka for Python (an older librdkafka) sees of a broker."""
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

address, topic = sys.argv[1:3]
admin = AdminClient({"bootstrap.servers": address})
admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])[topic].result(30)
producer = Producer({"bootstrap.servers": address, "enable.idempotence": True, "compression.type": "lz4"})
for number in range(500):
    producer.produce(topic, value=b"v%d" % number)
print("unsent", producer.flush(30))
consumer = Consumer({
    "bootstrap.servers": address, "group.id": topic + "-group", "auto.offset.reset": "earliest",
    "enable.auto.commit": False})
consumer.subscribe([topic])
seen = []
while len(seen) < 500:
    record = consumer.poll(20)
    if record is None:
        break
    if record.error() is None:
        seen.append(record.value())
print("in order", seen == [b"v%d" % number for number in range(500)])
consumer.commit(asynchronous=False)
print("committed", consumer.committed([TopicPartition(topic, 0)], timeout=10)[0].offset)
consumer.close()
admin.delete_topics([topic])[topic].result(30)
print("done")
