"""A run on Flink, of which one part after another is killed, between real Kafka and SQLite."""

import os
import signal
import time

import pytest

from pipelines.storage import open_store
from tests.end_to_end.command import PROGRAM
from tests.faults.traffic import traffic
from tests.faults.trial import Run, Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

MESSAGES_PER_SECOND = 80


class FlinkTrial(Trial):
    """A trial whose runs are on Flink."""

    flink = None

    def run(self, **words: object) -> Run:
        program = (*PROGRAM, "run", "--runner", "flink", "--stack", str(self.flink.stack_folder))
        return super().run(program=program, **words)

    def committed(self) -> int:
        """Sum of the committed offsets of all partitions."""
        store = open_store(self.store)
        try:
            return sum(row.offset for row in store.committed().values())
        finally:
            store.close()

    def until_it_goes_on(self, epoch: int) -> float:
        """How long it takes until an attempt newer than ``epoch`` has committed something [s]; older ones cannot."""
        began = self.until(lambda: self.epoch() > epoch)
        committed = self.committed()
        return began + self.until(lambda: self.committed() > committed or self._all_was_there())

    def _all_was_there(self) -> bool:
        return not self.lab.is_alive() and self.uncommitted() == 0


@pytest.fixture
def trial(kafka, flink, tmp_path):
    def begin(seed: int) -> FlinkTrial:
        names = new_names(kafka, f"sqlite:///{tmp_path}")
        made = FlinkTrial(*names, traffic(seed, batteries=6, readings=800), tmp_path, MESSAGES_PER_SECOND)
        made.flink = flink
        made.lab.start()
        return made

    yield begin
    flink.up()


def kill_a_worker(flink) -> None:
    os.kill(flink.workers()[0], signal.SIGKILL)


def kill_a_worker_three_times(flink) -> None:
    for _ in range(3):
        kill_a_worker(flink)
        time.sleep(2.0)


def killing(role):
    return lambda flink: flink.kill(f"flink-{role}")


FAULTS = {
    "kill -9 of a Python worker, three times in 8 s": kill_a_worker_three_times,
    "kill -9 of the TaskManager": killing("taskmanager"),
    "kill -9 of the job server": killing("jobserver"),
    "kill -9 of the JobManager": killing("jobmanager"),
}


def test_one_part_after_another_is_killed_and_every_row_is_right(trial, flink):
    """The short form of what `make test-cluster` does one by one."""
    on_flink = trial(60)
    recovered = []
    with on_flink.running():
        on_flink.until_taken(0.1)
        for fault in (kill_a_worker, killing("taskmanager")):
            epoch = on_flink.epoch()
            fault(flink)
            recovered.append(round(on_flink.until_it_goes_on(epoch), 1))
        on_flink.until_all_is_stored()
    on_flink.judge("kill -9 of a Python worker, then of the TaskManager", 60, recovered_second=recovered)


@pytest.mark.cluster
@pytest.mark.parametrize(("seed", "fault"), list(enumerate(FAULTS, start=61)))
def test_what_is_killed_comes_back_and_every_row_is_right(seed, fault, trial, flink):
    on_flink = trial(seed)
    with on_flink.running():
        on_flink.until_taken(0.1)
        epoch = on_flink.epoch()
        FAULTS[fault](flink)
        recovered = on_flink.until_it_goes_on(epoch)
        on_flink.until_all_is_stored()
    on_flink.judge(fault, seed, recovered_second=round(recovered, 1))


@pytest.mark.cluster
def test_a_client_that_is_killed_leaves_a_job_that_the_next_run_ends(trial):
    on_flink = trial(65)
    killed = on_flink.run()
    on_flink.until_taken(0.1)
    epoch = on_flink.epoch()
    killed.kill()
    with on_flink.running():
        recovered = on_flink.until_it_goes_on(epoch)
        on_flink.until_all_is_stored()
    on_flink.judge("kill -9 of the client of Flink", 65, recovered_second=round(recovered, 1))
