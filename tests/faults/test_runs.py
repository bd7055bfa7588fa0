"""Runs that are killed, superseded and begun again, between real Kafka and real Cassandra."""

import random
import sys

import pytest

from pipelines.storage import open_reader
from tests.end_to_end.command import chargetracker
from tests.faults.traffic import traffic
from tests.faults.trial import Trial, new_names
from tests.oracle.replay import differences

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

KILLS = 10


@pytest.fixture
def names(kafka3, cassandra):
    return new_names(kafka3.bootstrap, f"cassandra://{cassandra.address}")


def rows(store: str) -> dict[tuple[str, str, int], object]:
    """All cycles and steps."""
    reader = open_reader(store)
    found = {("cycle", *row[:2]): row for row in reader.cycles()} | {("step", *row[:2]): row for row in reader.steps()}
    reader.close()
    return found


def test_a_run_killed_ten_times(names, tmp_path):
    trial = Trial(*names, traffic(31, batteries=10, readings=2000), tmp_path, 250)
    order = random.Random(31)
    trial.lab.start()
    for _ in range(KILLS):
        before, run = trial.taken(), trial.run()
        trial.until(lambda before=before: trial.taken() > before or not trial.lab.is_alive())
        trial.until(lambda: order.random() < 0.2)
        run.kill()
    with trial.running():
        trial.until_all_is_stored()
    trial.judge("kill -9 of the run, ten times", 31)


def test_a_crash_between_rows_and_snapshots(names, tmp_path):
    """Rows are there, the snapshot is the one before: the readings are applied again, to the same rows."""
    trial = Trial(*names, traffic(32, batteries=6), tmp_path, 100)
    trial.lab.start()
    for call in (1, 3, 2):
        killed = trial.run(program=(sys.executable, "-m", "tests.faults.killed_between", str(call)))
        assert killed.process.wait(60) == -9, "it was to be killed"
    with trial.running():
        trial.until_all_is_stored()
    trial.judge("a crash between rows and snapshots, three times", 32)


def test_a_second_run_takes_over_while_the_first_one_writes(names, tmp_path):
    trial = Trial(*names, traffic(33, batteries=10), tmp_path, 300)
    trial.lab.start()
    first = trial.run()
    try:
        trial.until_taken(0.1)
        with trial.running():
            trial.until(lambda: first.process.poll() is not None)
            trial.until_all_is_stored()
    finally:
        first.kill()
    assert first.process.returncode == 1
    assert "taken over" in trial.log()
    trial.judge("a second run takes over", 33)


def test_the_whole_topic_read_again_from_the_start_changes_no_row(names, tmp_path):
    trial = Trial(*names, traffic(34, batteries=10), tmp_path, 2000)
    trial.lab.start()
    with trial.running():
        trial.until_all_is_stored()
    before = rows(trial.store)
    chargetracker("run", "--source", trial.source, "--store", trial.store, "--once", "--from", "earliest")
    assert differences(before, rows(trial.store), relative=0.0, ignore=()) == [], "not even a revision moves"
    trial.judge("the whole topic from offset 0 once more", 34)


def test_each_message_one_to_three_times(names, tmp_path):
    trial = Trial(*names, traffic(35, batteries=10, most_times=3), tmp_path, 2000)
    trial.lab.start()
    with trial.running():
        trial.until_all_is_stored()
    trial.judge("each message one to three times", 35)


def test_one_percent_of_the_messages_are_garbage(names, tmp_path):
    trial = Trial(*names, traffic(36, batteries=10, malformed=0.01), tmp_path, 2000)
    trial.lab.start()
    with trial.running():
        trial.until_all_is_stored()
    trial.judge("1 % malformed", 36)
