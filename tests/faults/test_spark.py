"""What a run on Spark is made of dies while a lab sends: executors, the job server, the run itself."""

import random

import psutil
import pytest

from tests.end_to_end.command import PROGRAM
from tests.faults.traffic import traffic
from tests.faults.trial import Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(500)]

KILLS = 2


@pytest.fixture
def trial(spark, kafka, tmp_path, request):
    seed = request.param
    yield Trial(*new_names(kafka, f"sqlite:///{tmp_path}"), traffic(seed, batteries=8, readings=800), tmp_path, 60)
    spark.up()


@pytest.fixture
def program(spark):
    """The command that begins a run."""
    return {"program": (*PROGRAM, "run", "--runner", "spark", "--stack", str(spark.stack_folder))}


@pytest.mark.parametrize("trial", [51], indirect=True)
def test_executors_and_the_job_server_killed_in_mid_run_lose_and_repeat_nothing(trial, program, spark):
    trial.lab.start()
    run = trial.run(**program)
    try:
        trial.until_taken(0.1)
        killed = {process.pid for process in spark.executors()}
        random.Random(51).choice(spark.executors()).kill()
        # The cluster starts another one for the one that is gone.
        trial.until(lambda: {process.pid for process in spark.executors()} - killed)
        before = trial.taken()
        trial.until(lambda: trial.taken() > before or not trial.lab.is_alive())
        spark.kill("spark-jobserver")
        recovered = trial.until_all_is_stored(300)
        assert run.process.poll() is None, trial.log()
    finally:
        code = run.end()
    assert code == 0, trial.log()
    trial.judge("kill -9 of a Spark executor, then of the job server", 51, caught_up_second=round(recovered, 1))


@pytest.mark.cluster
@pytest.mark.parametrize("trial", [52], indirect=True)
def test_a_run_that_is_killed_again_and_again_loses_and_repeats_nothing(trial, program):
    """Its job goes on without it for a moment, beside the next run's: a newer epoch makes that harmless."""
    trial.lab.start()
    for _ in range(KILLS):
        before, run = trial.taken(), trial.run(**program)
        trial.until(lambda before=before: trial.taken() > before or not trial.lab.is_alive())
        run.kill()
    run = trial.run(**program)
    try:
        trial.until_all_is_stored(300)
    finally:
        code = run.end()
    assert code == 0, trial.log()
    assert not psutil.pid_exists(run.process.pid)
    trial.judge("kill -9 of a run on Spark, twice", 52)
