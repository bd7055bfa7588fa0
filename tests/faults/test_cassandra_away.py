"""A Cassandra node that is killed, halted and slow while a run writes to it."""

import threading
import time

import pytest

from tests.faults.traffic import traffic
from tests.faults.trial import Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

AWAY_SECOND = 60.0
MOST_GROWTH_MB = 200.0


@pytest.fixture
def names(kafka3, cassandra):
    yield new_names(kafka3.bootstrap, f"cassandra://{cassandra.address}")
    cassandra.up()


def test_a_minute_without_cassandra_holds_the_reading_back_and_commits_nothing_that_is_not_stored(
    names, cassandra, tmp_path
):
    """The run that waited is killed in the end: what it has committed must be in rows, the next one reads on there."""
    trial = Trial(*names, traffic(21, batteries=20, readings=2000), tmp_path, 300)
    trial.lab.start()
    run = trial.run()
    trial.until_taken(0.1)
    before_mb, most_mb = run.resident_mb, 0.0
    cassandra.kill("cassandra")
    gone = time.monotonic()
    while time.monotonic() < gone + AWAY_SECOND:
        most_mb = max(most_mb, run.resident_mb)
        assert run.process.poll() is None, trial.log()
        time.sleep(0.5)
    run.kill()
    cassandra.up()
    with trial.running():
        trial.until_all_is_stored()
    trial.judge("Cassandra away for 60 s, then the run killed", 21, growth_mb=round(most_mb - before_mb, 1))
    assert most_mb - before_mb < MOST_GROWTH_MB


def test_cassandra_killed_in_mid_write_twice_is_waited_for(names, cassandra, tmp_path):
    trial = Trial(*names, traffic(22, batteries=10), tmp_path, 300)
    trial.lab.start()
    with trial.running():
        for share in (0.1, 0.5):
            trial.until_taken(share)
            cassandra.kill("cassandra")
            cassandra.up()
        trial.until_all_is_stored()
    trial.judge("kill -9 of Cassandra in mid-write, twice", 22)


def test_a_slow_store_only_makes_it_slower(names, cassandra, tmp_path):
    trial = Trial(*names, traffic(24, batteries=10), tmp_path, 600)
    done = threading.Event()

    def stutter() -> None:
        while not done.wait(0.5):
            cassandra.pause()
            done.wait(1.5)
            cassandra.resume()

    thread = threading.Thread(target=stutter)
    trial.lab.start()
    with trial.running():
        thread.start()
        try:
            trial.until_taken(0.7)
        finally:
            done.set()
            thread.join()
            cassandra.resume()
        trial.until_all_is_stored()
    trial.judge("a store that stands still for 1.5 s of every 2 s", 24)
