import random
import zlib
from math import inf

import kafka.errors as errors
import pytest

from pipelines.cli import kafka_publisher
from pipelines.cli.kafka_publisher import KafkaPublisher
from pipelines.cli.publisher import open_publisher
from pipelines.decoding import decode
from pipelines.sources import SourceError
from pipelines.sources.kafka import KafkaSource
from schemas import ReadingChunk
from simulator import Lab, play
from tests.sources.kafka.topics import messages_of, new_topic, read_on

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]


@pytest.fixture
def topic(kafka):
    return new_topic(kafka, partitions=3)


def all_of(topic):
    source = KafkaSource(topic)
    try:
        names = source.partitions()
        return [read_on(source, name, 0, source.end(name)) for name in names]
    finally:
        source.close()


def test_messages_arrive_in_order_under_their_key_and_each_acknowledgement_is_counted(topic):
    with KafkaPublisher(topic) as publisher:
        assert publisher.partitions == 3
        for start in range(0, 3000, 500):
            publisher.publish(1, b"W07", [b"%d" % k for k in range(start, start + 500)])
        publisher.flush()
        assert publisher.acknowledged == 3000
    nothing, batches, _ = all_of(topic)
    assert nothing == []
    assert messages_of(batches) == [b"%d" % k for k in range(3000)]
    assert {key for batch in batches for key in batch.keys} == {b"W07"}


def test_not_more_than_so_much_is_under_way(topic, monkeypatch):
    monkeypatch.setattr(kafka_publisher, "MAX_IN_FLIGHT_BYTES", 20_000)
    most = 0
    with KafkaPublisher(topic) as publisher:
        for _ in range(200):
            publisher.publish(0, b"k", [b"x" * 1000])
            most = max(most, publisher._in_flight_bytes)
    assert most <= 21_000
    assert publisher.acknowledged == 200


def test_the_tail_is_what_was_written_last(topic):
    with KafkaPublisher(topic) as publisher:
        assert publisher.tail(0, 1000) == []
        publisher.publish(0, b"k", [b"%07d" % k for k in range(20_000)])
        publisher.flush()
        for most, count in ((8 * 20, 20), (8 * 20 + 7, 20), (8 * 5000, 5000), (10**9, 20_000)):
            assert publisher.tail(0, most) == [b"%07d" % k for k in range(20_000 - count, 20_000)]


def test_what_the_brokers_do_not_take_is_raised_and_not_counted(kafka):
    topic = new_topic(kafka, max_message_bytes=1000)
    publisher = KafkaPublisher(topic)
    publisher.publish(0, b"k", [b"small"])
    publisher.flush()
    publisher.publish(0, b"k", [random.Random(1).randbytes(100_000)])
    with pytest.raises(SourceError, match=r"could not be delivered \(MessageSizeTooLargeError\); 1 are acknowl"):
        publisher.__exit__(None, None, None)
    assert publisher.acknowledged == 1


def test_a_failure_of_one_message_stops_those_behind_it(topic):
    publisher = KafkaPublisher(topic)
    publisher._settled(0, errors.KafkaTimeoutError())
    with pytest.raises(SourceError, match="KafkaTimeoutError"):
        publisher.publish(0, b"k", [b"1"])
    with pytest.raises(SourceError, match="KafkaTimeoutError"):
        publisher.flush()
    publisher.__exit__(ValueError, ValueError(), None)


def test_a_topic_that_is_not_there_is_answered_with_what_to_do(kafka):
    url = f"kafka://{kafka}/not-there"
    with pytest.raises(SourceError, match=f"make it with chargetracker topic init {url}"):
        open_publisher(url, None)


def test_a_lab_in_arrow_goes_on_where_it_was_and_each_reading_is_there_once(topic):
    lab = Lab(batteries=5, cycles=1, sampling_second=60.0)
    asked = []

    def stop():
        asked.append(None)
        return len(asked) > 4

    with open_publisher(topic.url, None) as publisher:
        first = play(lab, publisher, speed=inf, message_format="arrow", stop=stop)
        assert not first.done
    with open_publisher(topic.url, None) as publisher:
        assert play(lab, publisher, speed=inf, message_format="arrow").done
    found = dict.fromkeys(lab.battery_ids, 0)
    partitions = {}
    for number, batches in enumerate(all_of(topic)):
        for key, element in (pair for batch in batches for pair in decode(batch)):
            assert isinstance(element, ReadingChunk)
            found[key] += len(element)
            partitions[key] = number
        assert {k for batch in batches for k in batch.keys} == {
            k.encode() for k, n in partitions.items() if n == number
        }
    assert found == dict(zip(lab.battery_ids, lab.records.totals.tolist(), strict=True))
    assert partitions == {name: zlib.crc32(name.encode()) % 3 for name in lab.battery_ids}
