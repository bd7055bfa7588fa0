"""Kafka -> the whole graph -> a store, until all is committed; everything on this machine.

One broker, one Cassandra node (`commitlog_sync: batch`). Beside it: the same topic through kafka-python's consumer and
msgspec's decoder, which only count.

On a cluster the first run is thrown away: it waits for what is started once. The second one reads the topic again,
into a store of its own.

usage: python -m tests.benchmarks.kafka_to_store json|columns|arrow sqlite|cassandra [local|flink|spark] [READINGS]
"""

import resource
import sys
import time

import msgspec
from kafka import KafkaConsumer, TopicPartition

from pipelines.cli.publisher import open_publisher
from pipelines.options import ClusterSettings, RunSettings
from pipelines.runners.flink import run_flink
from pipelines.runners.local import run_local
from pipelines.runners.spark import run_spark
from pipelines.sources.kafka import parse_topic
from pipelines.storage import open_reader
from schemas import ReadingColumns
from simulator import MessageFormat, encode
from simulator.publisher import partition_of
from tests.benchmarks.lab_messages import slices
from tests.benchmarks.measure import report, resident_mb
from tests.benchmarks.reference import PlainReading
from tests.benchmarks.servers import PARTITIONS, kafka_and

READINGS = {"json": 500_000, "columns": 6_000_000, "arrow": 6_000_000}
BATTERIES = 100
RUNNERS = {"local": run_local, "flink": run_flink, "spark": run_spark}


def publish(url: str, readings: int, message_format: MessageFormat) -> tuple[int, int]:
    """Readings and messages that are in the topic now."""
    count = 0
    with open_publisher(url, None) as publisher:
        for piece in slices(BATTERIES, readings, 20 if message_format == "json" else 600):
            for part in piece:
                partition = partition_of(part.battery_id, publisher.partitions)
                publisher.publish(partition, part.battery_id.encode(), encode(part, message_format))
                count += part.values.shape[1]
        publisher.flush()
        return count, publisher.acknowledged


def plain_count(url: str, messages: int, message_format: MessageFormat) -> int:
    """Readings, counted by the shortest program there is."""
    address = parse_topic(url)
    decode = msgspec.json.Decoder(PlainReading if message_format == "json" else ReadingColumns).decode
    consumer = KafkaConsumer(bootstrap_servers=list(address.bootstrap), metrics_enabled=False)
    partitions = [TopicPartition(address.topic, number) for number in range(PARTITIONS)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    seen = readings = 0
    while seen < messages:
        for records in consumer.poll(timeout_ms=200, max_records=5000).values():
            seen += len(records)
            for record in records:
                found = decode(record.value)
                readings += 1 if message_format == "json" else len(found.voltage_volt)
    consumer.close()
    return readings


def main(message_format: MessageFormat, store: str, runner: str, readings: int) -> None:
    with kafka_and(store, runner) as (topic, url, folder):
        began = time.perf_counter()
        count, messages = publish(topic, readings, message_format)
        published = messages / (time.perf_counter() - began)
        run, cluster = RUNNERS[runner], ClusterSettings(folder)
        if runner != "local":
            run(RunSettings(topic, f"sqlite:///{folder}/first.db", once=True, cluster=cluster))
        before_mb, began = resident_mb(), time.perf_counter()
        run(RunSettings(topic, url, once=True, cluster=cluster))
        second = time.perf_counter() - began
        totals = open_reader(url).totals()
        assert totals.readings == count, (totals, count)
        report(
            f"kafka to {store}",
            runner=runner,
            message_format=message_format,
            readings=count,
            second=second,
            readings_per_second=count / second,
            published_messages_per_second=published,
            memory_before_mb=before_mb,
            peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )
        if runner == "local" and message_format != "arrow":
            began = time.perf_counter()
            assert plain_count(topic, messages, message_format) == count
            second = time.perf_counter() - began
            name = "reference: kafka-python and msgspec, counting only"
            report(name, message_format=message_format, readings_per_second=count / second)


if __name__ == "__main__":
    wanted = int(sys.argv[4]) if len(sys.argv) > 4 else READINGS[sys.argv[1]]
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "local", wanted)
