"""Killed with SIGKILL at any write and started again, a run ends with the rows of one that was never killed."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.sources.log import LogWriter, partition_of
from pipelines.storage import open_reader, open_store
from tests.faults.traffic import Traffic, traffic
from tests.faults.verdict import wrong

PARTITIONS = 3
KILLS = 10


def produce(log: Path, lab: Traffic, enough: threading.Event):
    """Write everything, message by message; the log grows while runs are killed."""
    with LogWriter(log, PARTITIONS) as writer:
        for battery_id, message in lab.messages:
            writer.append(partition_of(battery_id.encode(), PARTITIONS), [message])
            enough.wait(0.002)


def run(log: Path, store: str, call: int, where: str) -> int:
    command = [sys.executable, "-m", "tests.faults.killed_run", f"log://{log}", store, str(call), where]
    return subprocess.run(command, timeout=120, check=False, capture_output=True).returncode


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_kills_change_no_row(tmp_path):
    log, store = tmp_path / "log", f"sqlite:///{tmp_path}/m.db"
    LogWriter(log, PARTITIONS).close()
    lab, enough = traffic(seed=1), threading.Event()
    producer = threading.Thread(target=produce, args=(log, lab, enough))
    producer.start()
    order = random.Random(2)
    places = [(order.randint(1, 6), order.choice(["before", "between", "committed"])) for _ in range(KILLS)]
    for call, where in places:
        assert run(log, store, call, where) == -9, "it was to be killed"
    enough.set()
    producer.join()
    assert run(log, store, 0, "never") == 0
    assert wrong(open_reader(store), lab) == []


@pytest.mark.fault
def test_reading_the_whole_log_again_changes_no_sum(tmp_path):
    """`--from earliest`: what was applied is skipped, so not even a revision of a cycle moves."""
    log, store = tmp_path / "log", f"sqlite:///{tmp_path}/m.db"
    lab, enough = traffic(seed=2), threading.Event()
    enough.set()
    produce(log, lab, enough)
    assert run(log, store, 0, "never") == 0
    before = open_reader(store).cycles()
    again = open_store(store)
    again.rewind(again.newest_epoch(), dict.fromkeys(again.committed(), 0))
    again.close()
    assert run(log, store, 0, "never") == 0
    assert open_reader(store).cycles() == before
    assert wrong(open_reader(store), lab) == []
