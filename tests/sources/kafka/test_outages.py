"""Brokers that die under a reader and a writer."""

import time

import pytest

from pipelines.cli.kafka_publisher import KafkaPublisher
from pipelines.sources import SourceAwayError
from pipelines.sources.kafka import KafkaSource
from tests.sources.kafka.topics import ALL, admin_of, messages_of, new_topic, read_on, send, until

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


@pytest.fixture
def topic(kafka3):
    yield new_topic(kafka3.bootstrap, partitions=3, replication=3, min_insync_replicas=2)
    kafka3.up()


@pytest.fixture
def source(topic):
    source = KafkaSource(topic)
    yield source
    source.close()


def leader_of(topic, partition):
    with admin_of(topic) as admin:
        found = {p["partition_index"]: p["leader_id"] for p in admin.describe_topics([topic.topic])[0]["partitions"]}
    return found[partition]


def test_a_leader_that_is_killed_costs_neither_reader_nor_writer_a_message(kafka3, topic, source):
    names = source.partitions()
    with KafkaPublisher(topic) as publisher:
        for part in range(3):
            for partition in range(3):
                publisher.publish(partition, b"k", [b"%d-%d" % (part, k) for k in range(500)])
            if part == 0:
                publisher.flush()
                assert len(messages_of(read_on(source, names[0], 0, 500))) == 500
                kafka3.kill(kafka3.nodes[leader_of(topic, 0) - 1])
        publisher.flush()
        assert publisher.acknowledged == 4500
    expected = [b"%d-%d" % (part, k) for part in range(3) for k in range(500)]
    assert messages_of(read_on(source, names[0], 500, 1000)) == expected[500:]
    for name in names[1:]:
        assert messages_of(read_on(source, name, 0, 1500)) == expected


def test_all_brokers_away_is_said_soon_and_they_are_found_again(kafka3, topic, source):
    send(topic, [(b"k", b"1")] * 3)
    (first, *_) = source.partitions()
    read_on(source, first, 0, 3)
    kafka3.pause()
    try:
        began = time.monotonic()
        with pytest.raises(SourceAwayError, match="does not answer"):
            until(lambda: source.end(first) and False)
        with pytest.raises(SourceAwayError, match="does not answer"):
            KafkaSource(topic)
        assert time.monotonic() - began < 30.0
        assert source.poll(first, 3, ALL) is None
    finally:
        kafka3.resume()
    send(topic, [(b"k", b"2")] * 2)
    assert messages_of(read_on(source, first, 3, 2)) == [b"2", b"2"]
    assert until(lambda: _end(source, first)) == 5


def _end(source, partition):
    try:
        return source.end(partition)
    except SourceAwayError:
        return 0
