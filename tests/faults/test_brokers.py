"""Brokers that die while a lab sends and a run reads."""

import time

import pytest
from kafka.admin import KafkaAdminClient

from tests.faults.traffic import traffic
from tests.faults.trial import Trial, new_names

pytestmark = [pytest.mark.servers, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(400)]

AWAY_SECOND = 30.0


@pytest.fixture
def names(kafka3, tmp_path):
    yield new_names(kafka3.bootstrap, f"sqlite:///{tmp_path}")
    kafka3.up()


def quorum_leader(kafka3) -> str:
    """The node that leads the controllers."""
    admin = KafkaAdminClient(bootstrap_servers=kafka3.bootstrap.split(","))
    try:
        (topic,) = admin.describe_metadata_quorum()["topics"]
        return kafka3.nodes[topic["partitions"][0]["leader_id"] - 1]
    finally:
        admin.close()


@pytest.mark.parametrize(("fault", "seed"), [("kill a broker", 11), ("kill the leader of the controllers", 12)])
def test_a_killed_broker_loses_and_repeats_nothing(fault, seed, names, kafka3, tmp_path):
    trial = Trial(*names, traffic(seed, batteries=10), tmp_path, 400)
    leader = quorum_leader(kafka3)
    victim = leader if "leader" in fault else next(node for node in kafka3.nodes if node != leader)
    trial.lab.start()
    with trial.running():
        trial.until_taken(0.1)
        kafka3.kill(victim)
        trial.until_taken(0.5)
        kafka3.up()
        recovered = trial.until_all_is_stored()
    trial.judge(fault, seed, caught_up_second=round(recovered, 1))


def test_all_brokers_away_for_half_a_minute_are_waited_for(names, kafka3, tmp_path):
    trial = Trial(*names, traffic(13, batteries=10), tmp_path, 400)
    trial.lab.start()
    with trial.running():
        trial.until_taken(0.2)
        for node in kafka3.nodes:
            kafka3.kill(node)
        gone = time.monotonic()
        trial.until(lambda: time.monotonic() > gone + AWAY_SECOND)
        kafka3.up()
        recovered = trial.until_all_is_stored()
    trial.judge("all brokers away for 30 s", 13, caught_up_second=round(recovered, 1))
