"""What kafka-python sees of a broker: topics, records, offsets by time, a group."""
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

address, topic = sys.argv[1:3]
admin = KafkaAdminClient(bootstrap_servers=address)
admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
time.sleep(0.5)
producer = KafkaProducer(bootstrap_servers=address, acks="all", compression_type="gzip")
for number in range(100):
    producer.send(topic, key=b"k", value=b"v%d" % number, headers=[("h", b"x")]).get(timeout=30)
producer.close()
consumer = KafkaConsumer(
    topic, bootstrap_servers=address, group_id=topic + "-group", auto_offset_reset="earliest",
    enable_auto_commit=False, consumer_timeout_ms=20000)
seen = []
for record in consumer:
    seen.append(record.value)
    if len(seen) == 100:
        break
print("in order", seen == [b"v%d" % number for number in range(100)])
consumer.commit()
print("committed", consumer.committed(TopicPartition(topic, 0)))
print("ends", list(consumer.end_offsets([TopicPartition(topic, 0)]).values()))
print("by time", list(consumer.offsets_for_times({TopicPartition(topic, 0): 1}).values())[0].offset)
consumer.close()
print("listed", topic + "-group" in [group[0] for group in admin.list_consumer_groups()])
admin.delete_topics([topic])
print("done")
