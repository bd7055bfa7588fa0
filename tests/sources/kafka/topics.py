"""Topics of a real cluster, for tests."""

import time
from itertools import count

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from pipelines.sources.kafka import TopicAddress

_numbers = count(1)
ALL = 64 * 1024 * 1024


def new_topic(bootstrap, partitions=1, replication=1, **configs) -> TopicAddress:
    address = TopicAddress(tuple(bootstrap.split(",")), f"topic-{time.time_ns()}-{next(_numbers)}")
    make(address, partitions, replication, **configs)
    return address


def make(address, partitions=1, replication=1, **configs):
    topic = {
        "num_partitions": partitions,
        "replication_factor": replication,
        "configs": {name.replace("_", "."): str(value) for name, value in configs.items()},
    }
    with admin_of(address) as admin:
        admin.create_topics({address.topic: topic}, wait_for_metadata=True)


def admin_of(address) -> KafkaAdminClient:
    return KafkaAdminClient(bootstrap_servers=list(address.bootstrap))


def delete_before(address, partition, offset):
    """As retention does it."""
    with admin_of(address) as admin:
        admin.delete_records({TopicPartition(address.topic, partition): offset})


def send(address, records, partition=0, compression=None, **settings):
    """Records as (key, value) or (key, value, headers)."""
    producer = KafkaProducer(
        bootstrap_servers=list(address.bootstrap), compression_type=compression, linger_ms=5, acks="all", **settings
    )
    try:
        sent = [
            producer.send(address.topic, value, key=key, partition=partition, headers=headers[0] if headers else None)
            for key, value, *headers in records
        ]
        producer.flush(30)
        assert all(future.succeeded() for future in sent)
    finally:
        producer.close()


def read_on(source, partition, offset, count, within_second=30.0):
    """Batches from ``offset`` on, until they hold ``count`` messages."""
    batches, found = [], 0
    deadline = time.monotonic() + within_second
    while found < count:
        assert time.monotonic() < deadline, f"{found} of {count} messages came"
        batch = source.poll(partition, offset, ALL)
        if batch is not None:
            assert batch.first_offset == offset
            batches.append(batch)
            found, offset = found + len(batch), batch.next_offset
        else:
            time.sleep(0.01)
    return batches


def messages_of(batches):
    return [message for batch in batches for message in batch.messages()]


def until(condition, within_second=30.0):
    """Wait for a condition, and give what it says."""
    deadline = time.monotonic() + within_second
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.05)
    return found
