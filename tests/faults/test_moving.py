"""One lab, one topic, one store, and run after run on another runner: what one has begun the next goes on with."""

import pytest

from tests.end_to_end.command import PROGRAM
from tests.faults.traffic import traffic
from tests.faults.trial import Run, Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(600)]

MESSAGES_PER_SECOND = 60
SEED = 61


class Moving(Trial):
    """A trial whose runs say on which runner they are."""

    def on(self, runner: str, *flags: str) -> Run:
        return super().run(program=(*PROGRAM, "run", "--runner", runner, *flags))

    def until_more_is_taken(self) -> None:
        before = self.taken()
        self.until(lambda: self.taken() > before or not self.lab.is_alive(), 120.0)

    def for_a_while(self, run: Run) -> Run:
        """Until it has twice got on with what comes in."""
        self.until_more_is_taken()
        self.until_more_is_taken()
        assert run.process.poll() is None, self.log()
        return run


@pytest.fixture
def trial(kafka, flink, spark, tmp_path):
    yield Moving(
        *new_names(kafka, f"sqlite:///{tmp_path}"), traffic(SEED, readings=2000), tmp_path, MESSAGES_PER_SECOND
    )
    flink.up()
    spark.up()


def test_a_lab_moves_from_runner_to_runner_and_every_row_is_right(trial, flink, spark):
    on_flink, on_spark = ("flink", "--stack", str(flink.stack_folder)), ("spark", "--stack", str(spark.stack_folder))
    moves = []
    trial.lab.start()

    def go_on(runner: str, *flags: str, killed: bool) -> None:
        run = trial.for_a_while(trial.on(runner, *flags))
        moves.append(runner)
        if killed:
            run.kill()
        else:
            assert run.end() == 0, trial.log()

    go_on("local", killed=True)
    go_on(*on_flink, killed=False)
    go_on(*on_spark, killed=True)
    go_on(*on_flink, killed=True)
    # The job of the run that was killed goes on, until somebody takes over.
    epoch, last = trial.epoch(), trial.on("local")
    try:
        trial.until(lambda: trial.epoch() > epoch)
        trial.until_all_is_stored()
    finally:
        code = last.end()
    assert code == 0, trial.log()
    trial.judge("moved: " + ", ".join([*moves, "local"]), SEED)
