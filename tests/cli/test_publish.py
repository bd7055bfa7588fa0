"""The gateway: what goes into one end comes out of the other."""

import json
import threading
import zlib

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from pipelines.cli.chunk_messages import arrow_messages, columns_messages
from pipelines.cli.gateway import Gateway
from pipelines.cli.main import app
from pipelines.cli.position_file import PositionFile
from pipelines.cli.verb import CommandError
from pipelines.decoding import decode
from pipelines.sources.base import SourceAwayError
from pipelines.sources.log import LogSource, LogWriter
from schemas import COLUMNS, Position, ReadingChunk, RecordBatch
from schemas.reading import MAX_BATCH_BYTES, MAX_BATCH_READINGS
from tests.sources.kafka.topics import new_topic

FIELDS = {"battery_id": "W00", "current_ampere": 1.0, "voltage_volt": 3.5}


def chunk_of(count, seed=5, **identifiers):
    """A chunk with gaps in two columns, one that is never known, and integers where they belong."""
    chance = np.random.default_rng(seed)
    values = chance.uniform(1.0e9, 1.5e9, (len(COLUMNS), count))
    values[2:5] = chance.uniform(-5.0, 5.0, (3, count))
    values[5:8] = chance.integers(0, 1000, (3, count))
    values[9] = np.arange(count)
    values[10:] = chance.uniform(0.0, 5.0, (4, count))
    values[3, ::3] = 3.25
    values[4, ::2] = np.nan
    values[7, 1::2] = np.nan
    values[6] = np.nan
    texts = {"battery_id": "W00", "test_id": "", "group": ""} | identifiers
    return ReadingChunk(
        *texts.values(), Position("p", 0, 1, 0, 1), 0.0, values, np.zeros(count, np.int64), np.arange(count)
    )


def batch_of(messages):
    sizes = np.array(list(map(len, messages)), np.int64)
    offsets = np.arange(len(messages), dtype=np.int64)
    return RecordBatch("p", 0, len(messages), 1.6e9, offsets, np.cumsum(sizes), sizes, b"".join(messages))


@pytest.mark.parametrize("encode", [columns_messages, arrow_messages])
def test_a_chunk_is_the_same_after_the_way_through_messages(encode):
    chunk = chunk_of(2 * MAX_BATCH_READINGS + 7, test_id="t-1", group="W")
    messages = encode(chunk)
    assert len(messages) == 3
    assert max(map(len, messages)) < MAX_BATCH_BYTES
    ((key, found),) = decode(batch_of(messages))
    assert (key, found.test_id, found.group) == ("W00", "t-1", "W")
    np.testing.assert_array_equal(found.values, chunk.values)


def test_what_a_chunk_does_not_know_is_left_out_of_columns():
    (message,) = columns_messages(chunk_of(4))
    found = json.loads(message)
    assert "step_count" not in found
    assert "test_id" not in found
    assert found["temperature_t1_celsius"][0] is None
    assert all(isinstance(value, int) for value in found["cycle_count"])


class Target:
    """A publisher in memory that can fail before it acknowledges."""

    def __init__(self, partitions=4):
        self.partitions = partitions
        self.acknowledged = 0
        self.sent = []
        self.fails = False

    def publish(self, partition, key, messages):
        self.sent += [(partition, key, message) for message in messages]

    def flush(self):
        if self.fails:
            raise ConnectionError
        self.acknowledged = len(self.sent)

    def keys(self):
        return [key for _, key, _ in self.sent]


@pytest.fixture
def log(tmp_path):
    with LogWriter(tmp_path / "log", 2) as writer:
        yield writer


def write(log, *values, partition=0):
    log.append(partition, [msgspec.json.encode(FIELDS | {"unix_time_second": value}) for value in values])


def gateway(tmp_path, target):
    positions = PositionFile(tmp_path / "position", "log://log", "kafka://to")
    return Gateway(LogSource(tmp_path / "log"), target, positions, columns_messages)


def run_once(tmp_path, target):
    runs = gateway(tmp_path, target)
    runs.run(threading.Event(), lambda _: None, once=True)
    return runs.forwarded


def test_readings_go_under_their_battery_and_what_cannot_be_read_goes_as_it_is(tmp_path, log):
    write(log, 1.0e9, 1.1e9)
    log.append(1, [b'{"battery_id": 7}', b"rubbish"])
    target = Target()
    forwarded = run_once(tmp_path, target)
    assert (forwarded.readings, forwarded.letters, forwarded.behind) == (2, 2, 0)
    assert target.acknowledged == 3
    messages = {message for _, _, message in target.sent}
    assert {b'{"battery_id": 7}', b"rubbish"} < messages
    ((partition, message),) = [(p, m) for p, key, m in target.sent if key == b"W00"]
    assert partition == zlib.crc32(b"W00") % 4
    assert json.loads(message)["unix_time_second"] == [1.0e9, 1.1e9]


def test_the_next_run_goes_on_where_the_last_one_ended(tmp_path, log):
    target = Target()
    write(log, 1.0e9)
    run_once(tmp_path, target)
    assert run_once(tmp_path, target).readings == 0
    write(log, 1.1e9, 1.2e9)
    assert run_once(tmp_path, target).readings == 2
    assert target.acknowledged == 2


def test_what_was_not_acknowledged_is_sent_again(tmp_path, log):
    target = Target()
    write(log, 1.0e9)
    target.fails = True
    with pytest.raises(ConnectionError):
        run_once(tmp_path, target)
    assert not (tmp_path / "position").exists()
    target.fails = False
    assert run_once(tmp_path, target).readings == 1
    assert target.keys() == [b"W00", b"W00"]


def test_a_source_that_is_away_is_waited_for(tmp_path, log, monkeypatch):
    monkeypatch.setattr("pipelines.cli.gateway.AWAY_SECOND", 0.0)
    write(log, 1.0e9)
    target, told, failures = Target(), [], [SourceAwayError("away")] * 2
    runs, stop = gateway(tmp_path, target), threading.Event()
    poll = runs._source.poll

    def sometimes(*arguments):
        if failures:
            raise failures.pop()
        return poll(*arguments)

    monkeypatch.setattr(runs._source, "poll", sometimes)

    def show(forwarded):
        told.append(forwarded.text("bytes"))
        if forwarded.behind == 0:
            stop.set()

    runs.run(stop, show, once=False)
    assert told[:2] == ["0 readings and 0 unreadable messages forwarded, the source does not answer"] * 2
    assert told[-1] == "1 readings and 0 unreadable messages forwarded, 0 bytes behind"


def test_a_position_of_another_way_or_one_that_is_torn_is_refused(tmp_path):
    PositionFile(tmp_path / "position", "log://a", "kafka://b").write({"log:x/0": 7})
    assert PositionFile(tmp_path / "position", "log://a", "kafka://b").read() == {"log:x/0": 7}
    assert [path.name for path in tmp_path.iterdir()] == ["position"]
    with pytest.raises(CommandError, match="belongs to log://a -> kafka://b; name another file"):
        PositionFile(tmp_path / "position", "log://a", "kafka://c").read()
    (tmp_path / "position").write_bytes(b'{"source":')
    with pytest.raises(CommandError, match="cannot be read"):
        PositionFile(tmp_path / "position", "log://a", "kafka://b").read()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "log://x", "--position", "p"], "--to log://x: readings are published to a topic"),
        (["--to", "kafka://127.0.0.1:1/t", "--position", "no/p"], "--position no/p: there is no folder"),
        (["--to", "kafka://127.0.0.1:1/t", "--position", "p"], "Kafka at 127.0.0.1:1 does not answer"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, log, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["publish", "--source", "log://log", *arguments])
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.servers
@pytest.mark.parametrize("message_format", ["columns", "arrow"])
def test_a_gateway_feeds_a_topic_and_the_next_start_adds_nothing(kafka, tmp_path, log, message_format):
    write(log, *(1.0e9 + k for k in range(100)))
    log.append(1, [b"rubbish"])
    to = new_topic(kafka, partitions=2).url
    command = ["publish", "--source", f"log://{tmp_path}/log", "--to", to, "--once", "--message-format", message_format]
    command += ["--position", f"{tmp_path}/position"]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    told = first.stderr.splitlines()[-1]
    assert told == "100 readings and 1 unreadable messages forwarded, 0 bytes behind; 2 messages acknowledged"
    again = CliRunner().invoke(app, command).stderr.splitlines()[-1]
    assert again == "0 readings and 0 unreadable messages forwarded, 0 bytes behind; 0 messages acknowledged"
