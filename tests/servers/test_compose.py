"""The file for Docker says the same as our own servers."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pipelines.servers import versions
from pipelines.servers.kafka_properties import PATIENCE, broker_port, replication
from pipelines.servers.settings import DEFAULTS

FILE = Path(__file__).parents[2] / "compose.yaml"
SERVICES = yaml.safe_load(FILE.read_text())["services"]
PROFILES = {"kafka", "kafka3", "cassandra"}
BROKERS = {"kafka": "kafka", "kafka3-1": "kafka3", "kafka3-2": "kafka3", "kafka3-3": "kafka3"}


def variable(name):
    """As the image of Kafka spells a property."""
    return f"KAFKA_{name.replace('.', '_').upper()}"


@pytest.mark.parametrize(("service", "set_name"), BROKERS.items())
def test_a_broker_keeps_as_many_copies_and_is_as_patient(service, set_name):
    environment = SERVICES[service]["environment"]
    wanted = {**replication(DEFAULTS[set_name].nodes), **PATIENCE}
    assert {name: environment[variable(name)] for name in wanted} == wanted
    assert environment["KAFKA_HEAP_OPTS"].endswith(f"-Xmx{DEFAULTS[set_name].memory}")


@pytest.mark.parametrize(("service", "set_name"), BROKERS.items())
def test_a_broker_is_reached_at_the_same_port_and_from_this_machine_only(service, set_name):
    number = int(SERVICES[service]["environment"]["KAFKA_NODE_ID"])
    port = broker_port(DEFAULTS[set_name], number)
    assert SERVICES[service]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"CLIENTS://127.0.0.1:{port}," in SERVICES[service]["environment"]["KAFKA_ADVERTISED_LISTENERS"]


def test_cassandra_too():
    port = DEFAULTS["cassandra"].port
    assert SERVICES["cassandra"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert "commitlog_sync=batch" in SERVICES["cassandra"]["environment"]["JVM_EXTRA_OPTS"]


def test_the_images_have_the_versions_of_our_servers_and_the_profiles_their_names():
    assert {SERVICES[service]["image"] for service in BROKERS} == {f"apache/kafka:{versions.KAFKA}"}
    assert SERVICES["cassandra"]["image"] == f"cassandra:{versions.CASSANDRA}"
    assert {profile for service in SERVICES.values() for profile in service["profiles"]} == PROFILES


def test_docker_compose_takes_it():
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("no docker compose on this machine")
    command = ["docker", "compose", "--file", FILE, *[f"--profile={name}" for name in PROFILES], "config", "--services"]
    services = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(services) == set(SERVICES)
