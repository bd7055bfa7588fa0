"""Dead letters through a real broker: all of them, whole, and back into the sums after a fix."""

import json
import random
import secrets

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.dead_letters import Publisher
from pipelines.dead_letters.message import Message, identity
from pipelines.dead_letters.place import LetterTopic
from pipelines.dead_letters.topic_target import TopicTarget
from pipelines.sources import open_source
from pipelines.sources.log import LogWriter, partition_of
from pipelines.storage import open_reader
from schemas.dead_letter import decode_headers
from tests.dead_letters.letters import GOOD, a_letter

pytestmark = pytest.mark.servers

PARTITIONS = 3
READINGS = 1000
BATTERIES = ("b0", "b1", "b2", "b3")
FILLER = "x" * 6000
"""More than a store keeps of a dead letter."""


def chargetracker(*words, code=0):
    """What it says on stdout, or, when it is to fail, on stderr."""
    result = CliRunner().invoke(app, words)
    assert result.exit_code == code, result.output
    return result.stderr if code else result.stdout


def a_topic(kafka, name, **configs):
    """URL of a new topic."""
    topic = f"{name}-{secrets.token_hex(4)}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    settings = {"num_partitions": PARTITIONS, "replication_factor": 1, "configs": configs}
    admin.create_topics({topic: settings}, wait_for_metadata=True)
    admin.close()
    return f"kafka://{kafka}/{topic}"


def lab():
    """Battery and message: 1 % of the readings of four batteries is in mA, and all of a fifth, which does 1.5 A."""
    order = random.Random(1)
    wrong = set(order.sample(range(READINGS), READINGS // 100))
    for number in range(READINGS):
        battery_id = BATTERIES[number % 4]
        current = {"current_ma": 1000.0, "note": FILLER} if number in wrong else {"current_ampere": 1.0}
        yield battery_id, a_reading(battery_id, number // 4, current)
    for second in range(20):
        yield "b4", a_reading("b4", second, {"current_ma": 1500.0})


def a_reading(battery_id, second, current):
    return json.dumps({"battery_id": battery_id, "test_time_second": second, "voltage_volt": 3.5, **current}).encode()


def to_kafka(kafka, url):
    producer = KafkaProducer(bootstrap_servers=kafka)
    for number, (battery_id, message) in enumerate(lab()):
        key = battery_id.encode()
        headers = [("number", str(number).encode()), ("bytes", b"\xff\x00")]
        producer.send(url.rpartition("/")[2], message, key, headers, partition_of(key, PARTITIONS))
    producer.close()


def to_log(directory):
    with LogWriter(directory, PARTITIONS) as writer:
        for battery_id, message in lab():
            writer.append(partition_of(battery_id.encode(), PARTITIONS), [message])


def letters_in(url):
    topic = LetterTopic(url)
    try:
        return sorted(topic.letters(), key=identity)
    finally:
        topic.close()


def totals_of(store):
    reader = open_reader(store)
    try:
        return reader.totals(), reader.dead_letters(), {row.battery_id: row for row in reader.cycles()}
    finally:
        reader.close()


@pytest.mark.parametrize("kind", ["kafka", "log"])
@pytest.mark.timeout(180)
def test_refused_messages_come_back_after_a_fix_and_count_once(kind, kafka, tmp_path):
    source, dead = f"log://{tmp_path}/log", a_topic(kafka, "dead")
    if kind == "kafka":
        source = a_topic(kafka, "readings")
        to_kafka(kafka, source)
    else:
        to_log(tmp_path / "log")
    store = f"sqlite:///{tmp_path}/m.db"
    run = ("run", "--once", "--source", source, "--store", store, "--dead-letters", dead)
    chargetracker(*run)
    totals, in_store, _ = totals_of(store)
    assert (totals.readings, totals.dead_letters) == (READINGS * 99 // 100, READINGS // 100 + 20)

    letters = letters_in(dead)
    cut = [letter._replace(payload=letter.payload[:4096]) for letter in letters]
    assert cut == sorted(in_store, key=identity)
    wrong = [(battery_id, message) for battery_id, message in lab() if b"current_ma" in message]
    assert sorted(letter.payload for letter in letters) == sorted(message for _, message in wrong)
    if kind == "kafka":
        assert sorted((letter.key.decode(), letter.payload) for letter in letters) == sorted(wrong)
        numbers = {number: message for number, (_, message) in enumerate(lab())}
        for letter in letters:
            (_, number), last = decode_headers(letter.headers)
            assert numbers[int(number)] == letter.payload
            assert last == ("bytes", b"\xff\x00")

    fix = ("--rename", "current_ma=current_ampere", "--multiply", "current_ampere=0.001")
    again = ("dead-letters", "resubmit", "--topic", dead, "--to", source, *fix)
    assert chargetracker(*again) == f"re-submitted\t{len(wrong)}\n"
    assert chargetracker(*again) == f"re-submitted\t0\nleft: re-submitted before\t{len(wrong)}\n"
    chargetracker(*run)
    totals, in_store, cycles = totals_of(store)
    assert totals.readings + totals.late == READINGS + 20
    assert (totals.duplicates, len(in_store)) == (0, len(wrong))
    assert letters_in(dead) == letters
    # 1.5 A for the 19 s between its first and its last reading.
    assert cycles["b4"].charging_capacity_ah == pytest.approx(1.5 * 19 / 3600, rel=1e-12)
    listed = chargetracker("dead-letters", "list", "--topic", dead, "--battery", "b4").splitlines()
    assert len(listed) == 1 + 20
    assert all(line.endswith("\tyes") for line in listed[1:])


def test_a_letter_that_the_topic_does_not_take_whole_is_cut(kafka):
    dead = a_topic(kafka, "small", **{"max.message.bytes": "20000"})
    publisher = Publisher(dead, "log://x")
    noise = random.Random(2).randbytes(100_000)
    letters = [a_letter(GOOD, offset=1), a_letter(noise, offset=2), a_letter(b"{", offset=3)]
    publisher.publish(letters)
    publisher.close()
    found = letters_in(dead)
    # 100,000 halved until it and some 300 bytes of headers are below 20,000: 50,000, 25,000, 12,500.
    assert found == [letters[0], letters[1]._replace(payload=noise[:12_500]), letters[2]]


def test_without_the_topic_a_run_does_not_start_and_says_what_to_do(kafka, tmp_path):
    LogWriter(tmp_path / "log", 1).close()
    dead = f"kafka://{kafka}/none-{secrets.token_hex(4)}"
    said = chargetracker(
        *("run", "--source", f"log://{tmp_path}/log", "--store", f"sqlite:///{tmp_path}/m.db"),
        *("--dead-letters", dead),
        code=1,
    )
    assert f"chargetracker topic init {dead}" in said


def test_thousands_of_messages_are_acknowledged_in_order(kafka):
    url = a_topic(kafka, "many")
    target = TopicTarget(url)
    assert target.partitions == PARTITIONS
    assert target.send([Message(1, b"k", b"%d" % number, []) for number in range(5000)]) == []
    target.close()
    source = open_source(url)
    partition = source.partitions()[1]
    offset, found = 0, []
    while offset < source.end(partition):
        batch = source.poll(partition, offset, 10**6)
        if batch is not None:
            found += batch.messages()
            offset = batch.next_offset
    source.close()
    assert found == [b"%d" % number for number in range(5000)]
