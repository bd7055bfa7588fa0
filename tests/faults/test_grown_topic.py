"""A topic gets more partitions while a run reads it: batteries move to other ones, and nothing is lost or repeated."""

from dataclasses import replace

import pytest
from kafka.admin import KafkaAdminClient

from pipelines.sources import open_source
from pipelines.sources.kafka import parse_topic
from tests.end_to_end.command import PROGRAM
from tests.faults.traffic import traffic
from tests.faults.trial import Lab, Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

BEFORE, AFTER = 6, 12
MESSAGES_PER_SECOND = 300
SEED = 71


def grow(url: str) -> None:
    topic = parse_topic(url)
    admin = KafkaAdminClient(bootstrap_servers=list(topic.bootstrap))
    admin.create_partitions({topic.topic: AFTER})
    admin.close()


def partitions(url: str) -> int:
    source = open_source(url)
    try:
        return len(source.partitions())
    finally:
        source.close()


def labs(trial: Trial) -> tuple[Lab, Lab]:
    """One sends the first half of the traffic, the other one the rest."""
    half = len(trial.traffic.messages) // 2
    pieces = trial.traffic.messages[:half], trial.traffic.messages[half:]
    first, second = (Lab(trial.source, replace(trial.traffic, messages=piece), MESSAGES_PER_SECOND) for piece in pieces)
    return first, second


@pytest.fixture
def flags(request) -> tuple[str, ...]:
    if request.param == "local":
        return ("--runner", "local")
    return ("--runner", request.param, "--stack", str(request.getfixturevalue(request.param).stack_folder))


@pytest.mark.parametrize(
    "flags", ["local", *(pytest.param(name, marks=pytest.mark.cluster) for name in ("flink", "spark"))], indirect=True
)
def test_a_topic_grown_from_6_to_12_partitions(flags, kafka, tmp_path):
    """With the lag below the horizon: what a battery has in its old partition is read before what comes in its new."""
    trial = Trial(*new_names(kafka, f"sqlite:///{tmp_path}"), traffic(SEED, batteries=10), tmp_path, 1.0)
    first, second = labs(trial)
    run = trial.run(program=(*PROGRAM, "run", *flags))
    try:
        assert partitions(trial.source) == BEFORE
        sent_by(trial, first)
        trial.until(lambda: trial.uncommitted() == 0)
        grow(trial.source)
        trial.until(lambda: partitions(trial.source) == AFTER)
        sent_by(trial, second)
        trial.lab.acknowledged += first.acknowledged
        trial.until_all_is_stored()
        assert run.process.poll() is None, trial.log()
    finally:
        code = run.end()
    assert code == 0, trial.log()
    trial.judge(f"a topic grown from {BEFORE} to {AFTER} partitions, {flags[1]}", SEED)


def sent_by(trial: Trial, lab: Lab) -> None:
    """The lab is the trial's until it has sent all."""
    trial.lab = lab
    lab.start()
    trial.until(lambda: not lab.is_alive())
    assert lab.failure is None
