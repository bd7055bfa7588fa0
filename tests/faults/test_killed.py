"""Killed with SIGKILL at any write and started again, a run ends with the rows of one that was never killed."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from pipelines.sources.log import LogWriter, partition_of
from pipelines.storage import open_reader, open_store
from tests.faults.wire import GARBAGE, as_reading, messages
from tests.oracle.generators import several_tests, stream, with_duplicates, with_late
from tests.oracle.replay import differences, replay_messages

BATTERIES = 6
PARTITIONS = 3
KILLS = 10


def the_readings():
    """Six batteries, each with repeated and late readings; one of them goes through several tests."""
    for number in range(BATTERIES):
        name = {"battery_id": f"b{number}", "group": "WX"[number % 2]}
        if number == 0:
            yield several_tests(seed=1, tests=2, readings=700, **name)
        else:
            clean = stream(seed=number, readings=1500, with_step_count=number % 2 == 0, **name)
            yield [with_late(with_duplicates(clean, seed=number), seed=number)]


def produce(log: Path, sent: list[dict], garbage: list[bytes], enough: threading.Event):
    """Write everything, a few messages at a time, battery by battery in turn; the log grows while runs are killed."""
    generator = np.random.default_rng(7)
    queues = []
    for chunks in the_readings():
        sent += [as_reading(chunk, column) for chunk in chunks for column in chunk.values.T]
        queues.append((chunks[0].battery_id, [m for chunk in chunks for m in messages(chunk, generator)]))
    with LogWriter(log, PARTITIONS) as writer:
        while any(queue for _, queue in queues):
            for battery_id, queue in queues:
                some, queue[:] = queue[:5], queue[5:]
                if generator.random() < 0.2:
                    some.append(GARBAGE[generator.integers(len(GARBAGE))])
                    garbage.append(some[-1])
                if some:
                    writer.append(partition_of(battery_id.encode(), PARTITIONS), some)
            enough.wait(0.01)


def run(log: Path, store: str, call: int, where: str) -> int:
    command = [sys.executable, "-m", "tests.faults.killed_run", f"log://{log}", store, str(call), where]
    return subprocess.run(command, timeout=120, check=False, capture_output=True).returncode


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_kills_change_no_row(tmp_path):
    log, store = tmp_path / "log", f"sqlite:///{tmp_path}/m.db"
    LogWriter(log, PARTITIONS).close()
    sent, garbage, enough = [], [], threading.Event()
    producer = threading.Thread(target=produce, args=(log, sent, garbage, enough))
    producer.start()
    order = random.Random(2)
    places = [(order.randint(1, 6), order.choice(["before", "between", "committed"])) for _ in range(KILLS)]
    for call, where in places:
        assert run(log, store, call, where) == -9, "it was to be killed"
    enough.set()
    producer.join()
    assert run(log, store, 0, "never") == 0
    assert_rows_equal_the_replay(store, sent, len(garbage))


def assert_rows_equal_the_replay(store: str, sent: list[dict], garbage: int):
    reader = open_reader(store)
    expected = replay_messages(sent)
    batteries = {row.battery_id: row for row in reader.batteries()}
    assert batteries.keys() == expected.keys()
    cycles, steps = reader.cycles(), reader.steps()
    found = []
    for battery_id, replayed in expected.items():
        found += differences(replayed.cycles, {r.cycle_number: r for r in cycles if r.battery_id == battery_id})
        found += differences(replayed.steps, {r.step_number: r for r in steps if r.battery_id == battery_id})
        row = batteries[battery_id]
        assert (row.reading_count, row.duplicate_count) == (replayed.accepted, replayed.duplicates)
        assert len(reader.late(battery_id)) == row.late_count == len(replayed.late)
    assert not found, found[:10]
    totals = reader.totals()
    assert totals.dead_letters == garbage
    assert totals.readings + totals.duplicates + totals.late == len(sent)


@pytest.mark.fault
def test_reading_the_whole_log_again_changes_no_sum(tmp_path):
    """`--from earliest`: what was applied is skipped, so not even a revision of a cycle moves."""
    log, store = tmp_path / "log", f"sqlite:///{tmp_path}/m.db"
    sent, garbage, enough = [], [], threading.Event()
    enough.set()
    produce(log, sent, garbage, enough)
    assert run(log, store, 0, "never") == 0
    before = open_reader(store).cycles()
    again = open_store(store)
    again.rewind(again.newest_epoch(), dict.fromkeys(again.committed(), 0))
    again.close()
    assert run(log, store, 0, "never") == 0
    assert open_reader(store).cycles() == before
    assert_rows_equal_the_replay(store, sent, len(garbage))
