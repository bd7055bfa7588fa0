"""The source against one real broker."""

import base64
import time
import uuid
from contextlib import suppress

import msgspec
import numpy as np
import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import RetriableError
from kafka.future import Future
from kafka.protocol.consumer import FetchRequest

from pipelines.cli.log_publisher import text_line
from pipelines.decoding import decode
from pipelines.sources import SourceAwayError, SourceError, open_source
from pipelines.sources.kafka import KafkaSource, TopicAddress
from pipelines.sources.log import LogSource, LogWriter
from schemas import decode_record_batch, encode_record_batch
from schemas.chunk import DEAD_LETTER_KEY
from schemas.reading import COLUMNS
from simulator import Lab, encode
from tests.sources.kafka.topics import (
    ALL,
    admin_of,
    delete_before,
    make,
    messages_of,
    new_topic,
    read_on,
    send,
    until,
)

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]


@pytest.fixture
def topic(kafka):
    return new_topic(kafka)


@pytest.fixture
def opened():
    """Opens sources, and closes them."""
    sources = []

    def open_it(address, **settings):
        sources.append(KafkaSource(address, **settings))
        return sources[-1]

    yield open_it
    for source in sources:
        source.close()


def test_what_was_sent_is_read_with_keys_headers_and_offsets(topic, opened):
    send(topic, [(b"a", b"1"), (None, b"22", [("h", b"x"), ("e", b"")]), (b"c", None)])
    source = opened(topic)
    (partition,) = source.partitions()
    assert (source.begin(partition), source.end(partition)) == (0, 3)
    (batch,) = read_on(source, partition, 0, 3)
    assert list(batch.messages()) == [b"1", b"22", b""]
    assert batch.keys == [b"a", b"", b"c"]
    assert batch.headers == {1: [("h", b"x"), ("e", b"")]}
    assert batch.offsets.tolist() == [0, 1, 2]
    assert (batch.next_offset, batch.lost_until) == (3, -1)
    assert source.poll(partition, 3, ALL) is None
    assert messages_of(read_on(source, partition, 1, 2)) == [b"22", b""]


def test_a_partition_is_named_by_what_kafkas_own_tools_call_the_topic(topic, opened):
    with admin_of(topic) as admin:
        topic_id = admin.describe_topics([topic.topic])[0]["topic_id"]
    (partition,) = opened(topic).partitions()
    name, _, number = partition.removeprefix("kafka:").partition("/")
    assert len(name) == 22
    assert number == "0"
    assert uuid.UUID(bytes=base64.urlsafe_b64decode(name + "==")) == uuid.UUID(str(topic_id))


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
def test_a_compressed_topic_is_read(kafka, opened, compression):
    by_broker, by_producer = new_topic(kafka, compression_type=compression), new_topic(kafka)
    records = [(b"k", b'{"reading": %d}' % k) for k in range(2000)]
    send(by_broker, records)
    send(by_producer, records, compression=compression)
    for address in (by_broker, by_producer):
        source = opened(address)
        found = read_on(source, source.partitions()[0], 0, 2000)
        assert messages_of(found) == [value for _, value in records]


def test_new_messages_and_new_partitions_are_found_while_reading(kafka, topic, opened):
    source = opened(topic)
    (first,) = source.partitions()
    assert source.poll(first, 0, ALL) is None
    send(topic, [(b"k", b"late")])
    assert messages_of(read_on(source, first, 0, 1)) == [b"late"]
    with KafkaAdminClient(bootstrap_servers=kafka) as admin:
        admin.create_partitions({topic.topic: 3})
    names = until(lambda: len(source.partitions()) == 3 and source.partitions())
    assert names[0] == first
    send(topic, [(b"k", b"there")], partition=2)
    assert messages_of(read_on(source, names[2], 0, 1)) == [b"there"]


def test_a_poll_is_bounded(topic, opened):
    send(topic, [(b"k", b"x" * 1000)] * 500)
    source = opened(topic)
    (partition,) = source.partitions()
    offset, sizes = 0, []
    while offset < 500:
        batch = source.poll(partition, offset, 10_000)
        if batch is not None:
            sizes.append(len(batch.payload))
            offset = batch.next_offset
    assert sum(sizes) == 500_000
    assert max(sizes) <= 10_000


def next_batch(source, partition, offset):
    """The next one, also when there is no message in it."""
    return until(lambda: [batch for batch in [source.poll(partition, offset, ALL)] if batch is not None])[0]


def test_what_retention_took_is_a_gap_unless_reading_begins_at_the_start(topic, opened):
    send(topic, [(b"k", b"%d" % k) for k in range(10)])
    delete_before(topic, 0, 6)
    source = opened(topic)
    (partition,) = source.partitions()
    assert source.begin(partition) == 6
    for start, lost_until in ((0, -1), (2, 6)):
        gap = next_batch(source, partition, start)
        assert (gap.first_offset, gap.next_offset, gap.lost_until, len(gap)) == (start, 6, lost_until, 0)
        assert messages_of(read_on(source, partition, 6, 4)) == [b"6", b"7", b"8", b"9"]
    delete_before(topic, 0, 10)
    gap = next_batch(source, partition, 7)
    assert (gap.next_offset, gap.lost_until) == (10, 10)


def test_an_offset_behind_the_end_is_refused_with_what_to_do(topic, opened):
    send(topic, [(b"k", b"1")])
    source = opened(topic)
    (partition,) = source.partitions()
    with pytest.raises(SourceError, match=r"ends at 1, before the committed offset 5: .*make the topic anew"):
        next_batch(source, partition, 5)


def test_a_topic_made_anew_is_another_one_and_its_messages_are_never_taken_for_the_old(topic, opened):
    send(topic, [(b"k", b"old")] * 3)
    source = opened(topic)
    (old,) = source.partitions()
    read_on(source, old, 0, 3)
    with admin_of(topic) as admin:
        admin.delete_topics([topic.topic])
        until(lambda: admin.describe_topics([topic.topic])[0]["error_code"] != 0)
    make(topic)
    send(topic, [(b"k", b"new")] * 6)

    def refusal():
        try:
            batch = source.poll(old, 3, ALL)
        except SourceError as error:
            return str(error)
        assert batch is None
        return ""

    assert "no topic" in (told := until(refusal)) or "made anew" in told
    new = until(lambda: _partitions(source) != (old,) and _partitions(source))[0]
    assert messages_of(read_on(source, new, 0, 6)) == [b"new"] * 6
    with pytest.raises(SourceError, match="made anew or is another one"):
        source.poll(old, 3, ALL)


def _partitions(source):
    try:
        return source.partitions()
    except SourceError:
        return ()


def test_the_offset_at_a_time_is_that_of_the_first_message_from_then_on(topic, opened):
    before = time.time()
    send(topic, [(b"k", b"early")] * 3)
    time_between = until(lambda: time.time() if time.time() > before + 0.1 else None)
    until(lambda: time.time() > time_between + 0.1)
    send(topic, [(b"k", b"late")] * 2)
    source = opened(topic)
    (partition,) = source.partitions()
    assert source.offset_at(partition, before) == 0
    assert source.offset_at(partition, time_between) == 3
    assert source.offset_at(partition, time.time() + 3600.0) == 5


def test_the_end_is_as_new_as_the_question(kafka, opened):
    address = new_topic(kafka, partitions=2)
    source = opened(address)
    first, second = source.partitions()
    for count in range(1, 4):
        send(address, [(b"k", b"1")], partition=0)
        assert (source.end(first), source.end(second)) == (count, 0)


def test_the_consumer_group_is_told_how_far_the_store_is(kafka, topic, opened):
    send(topic, [(b"k", b"1")] * 5)
    source = opened(topic, group="lab-7")
    (partition,) = source.partitions()
    source.report_committed({partition: 3, "kafka:AAAAAAAAAAAAAAAAAAAAAA/0": 9})

    def told():
        source.report_committed({partition: 3})
        with suppress(RetriableError), KafkaAdminClient(bootstrap_servers=kafka) as admin:
            return admin.list_group_offsets("lab-7")["lab-7"].get(TopicPartition(topic.topic, 0))

    assert until(told).offset == 3


def test_a_topic_that_is_not_there_is_answered_with_what_to_do_and_is_not_made(kafka):
    address = TopicAddress((kafka,), "nowhere")
    with pytest.raises(SourceError, match=f"no topic nowhere: make it with chargetracker topic init kafka://{kafka}/n"):
        KafkaSource(address)
    with admin_of(address) as admin:
        assert "nowhere" not in admin.list_topics()


def test_no_broker_is_away_and_said_soon():
    with pytest.raises(SourceAwayError, match=r"Kafka at 127\.0\.0\.1:1 does not answer"):
        KafkaSource(TopicAddress(("127.0.0.1:1",), "t"))


def test_a_dead_broker_in_the_url_does_not_matter(topic, opened):
    assert len(opened(TopicAddress(("127.0.0.1:1", *topic.bootstrap), topic.topic)).partitions()) == 1


def test_the_url_names_topic_and_group(topic):
    source = open_source(f"{topic.url}?group=lab")
    try:
        assert (source.unit, source.bounded) == ("messages", False)
    finally:
        source.close()
    with pytest.raises(SourceError, match="no setting 'speed'"):
        open_source(f"{topic.url}?speed=2")


def test_a_line_that_falls_silent_is_made_anew(topic, opened, monkeypatch):
    """What kafka-python 3.0.12 may do after an outage: a request never gets an answer, and nobody notices."""
    send(topic, [(b"k", b"1")] * 3)
    source = opened(topic, stall_second=0.5)
    (partition,) = source.partitions()
    read_on(source, partition, 0, 3)
    deaf, send_really = source._client, source._client.send

    def lose(request, node=None):
        return Future() if isinstance(request, FetchRequest) else send_really(request, node)

    monkeypatch.setattr(deaf, "send", lose)
    send(topic, [(b"k", b"2")] * 4)
    found = read_on(source, partition, 3, 4)
    assert messages_of(found) == [b"2"] * 4
    assert source._client is not deaf


def test_readings_are_the_same_through_a_log_and_through_kafka(kafka, opened, tmp_path):
    """Formats mixed, something unreadable between them, compressed."""
    lab = Lab(batteries=4, cycles=1, sampling_second=10.0)
    messages = []
    for number, name in enumerate(lab.battery_ids):
        readings = lab.read_one(name, 0, 270, 1_700_000_000.0)
        for place, message_format in enumerate(("json", "columns", "arrow")):
            messages += encode(readings.take(slice(90 * place, 90 * place + 90)), message_format)
        messages.append(b'{"battery_id": %d' % number)
    with LogWriter(tmp_path, 1) as writer:
        writer.append(0, list(map(text_line, messages)))
    address = new_topic(kafka, compression_type="zstd")
    send(address, [(b"k", message) for message in messages])
    log, topic = LogSource(tmp_path), opened(address)
    batches = read_on(topic, topic.partitions()[0], 0, len(messages))
    from_log, from_kafka = decoded([log.poll(log.partitions()[0], 0, ALL)]), decoded(batches)
    assert from_log.keys() == from_kafka.keys() >= set(lab.battery_ids)
    for name in lab.battery_ids:
        assert from_kafka[name].shape == (len(COLUMNS), 270)
        np.testing.assert_array_equal(from_log[name], from_kafka[name])
    assert from_log[DEAD_LETTER_KEY] == from_kafka[DEAD_LETTER_KEY]
    assert len(from_log[DEAD_LETTER_KEY]) == 4


def decoded(batches):
    """Values by battery, over all batches; and what cannot be read."""
    found = {}
    letters = []
    for key, element in (element for batch in batches for element in decode(batch)):
        if key.startswith(DEAD_LETTER_KEY):
            letters += [(letter.reason, letter.payload) for letter in element.letters]
        else:
            found.setdefault(key, []).append(element.values)
    return {key: np.concatenate(values, axis=1) for key, values in found.items()} | {DEAD_LETTER_KEY: letters}


def test_the_codec_of_batches_carries_keys_and_headers(topic, opened):
    send(topic, [(b"k", b"v", [("h", b"x")])])
    source = opened(topic)
    (batch,) = read_on(source, source.partitions()[0], 0, 1)
    again = decode_record_batch(encode_record_batch(batch))
    assert msgspec.to_builtins([again.keys, again.headers]) == msgspec.to_builtins([batch.keys, batch.headers])
