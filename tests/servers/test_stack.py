import json
from dataclasses import replace

import pytest

from pipelines.servers import SETS, Login, ServerError, Stack, State
from pipelines.servers import stack as module
from pipelines.servers.kept import KeptSet, forget, keep, kept_set, new_set
from pipelines.servers.settings import DEFAULTS, CassandraSettings, KafkaSettings, check_memory
from tests.real_servers import free_ports
from tests.servers.fake_server import LAUNCH, FakeServer
from tests.servers.test_process import eventually


@pytest.fixture
def stack(folder, monkeypatch):
    """Its servers are Python programs."""
    monkeypatch.setattr(module, "launches", lambda servers, cache, watch: {None: LAUNCH})
    monkeypatch.setattr(module, "servers_of", lambda name, kept, login: [FakeServer(name, port=kept.settings.port)])
    return Stack(folder / "data", folder / "cache")


FREE = {"port": free_ports(1)}


def test_what_was_started_is_up_and_the_rest_is_down(stack):
    stack.up({"cassandra": FREE})
    states = {status.name: status.state for status in stack.status(SETS)}
    assert states == {**dict.fromkeys(DEFAULTS, State.DOWN), "cassandra": State.READY}


def test_the_next_start_has_the_settings_of_the_last_one(stack, folder):
    stack.up({"cassandra": {**FREE, "memory": "512m"}})
    stack.down(["cassandra"])
    stack.up({"cassandra": {}})
    (status,) = Stack(folder / "data", folder / "cache").status(["cassandra"])
    assert (status.state, status.port) == (State.READY, FREE["port"])
    assert kept_set(folder / "data", "cassandra").settings.memory == "512m"


def test_what_is_up_stays_as_it_is(stack):
    stack.up({"cassandra": FREE})
    (before,) = stack.status(["cassandra"])
    stack.up({"cassandra": {}})
    assert stack.status(["cassandra"])[0].process_id == before.process_id
    with pytest.raises(ServerError, match="cassandra is up with other settings"):
        stack.up({"cassandra": {"memory": "2g"}})


def test_wipe_stops_and_leaves_nothing(stack, folder):
    stack.up({"cassandra": FREE})
    stack.wipe(["cassandra"])
    assert list((folder / "data").iterdir()) == []
    assert stack.status(["cassandra"])[0].port == DEFAULTS["cassandra"].port


def test_a_process_that_is_killed_comes_back_with_the_next_start(stack):
    stack.up({"cassandra": FREE})
    process = stack.node("cassandra").process
    running = process.running()
    running.kill()
    eventually(lambda: process.has_ended(running))
    stack.up({"cassandra": {}})
    assert process.running().pid != running.pid


def test_a_node_that_there_is_not_is_refused_with_those_there_are(stack):
    with pytest.raises(ServerError, match=r"kafka9: there is no such node\. Nodes are kafka, kafka3, cassandra"):
        stack.node("kafka9")


@pytest.mark.parametrize(("field", "value"), [("port", 9192), ("sasl", True)])
def test_what_kafka_has_written_into_its_data_cannot_be_changed(stack, folder, field, value):
    keep(folder / "data", "kafka", new_set(KafkaSettings()))
    with_login = Stack(folder / "data", folder / "cache", Login("a", "b"))
    with pytest.raises(ServerError, match="stack wipe kafka"):
        with_login.up({"kafka": {field: value}})


def test_a_kafka_with_logins_needs_a_user_when_its_data_are_made(stack):
    with pytest.raises(ServerError, match="CHARGETRACKER_STACK_KAFKA_USER"):
        stack.up({"kafka": {"sasl": True}})


@pytest.mark.parametrize("memory", ["", "512", "512k", "0m", "64m", "1.5g", "-1g", "512M", "9999999m", "1g -Dx"])
def test_memory_that_java_would_not_take_or_not_start_with_is_refused(memory):
    with pytest.raises(ServerError, match="--kafka-memory"):
        check_memory("kafka3", KafkaSettings(memory=memory))
    with pytest.raises(ServerError, match="--cassandra-memory"):
        check_memory("cassandra", CassandraSettings(memory=memory))


@pytest.mark.parametrize("memory", ["384m", "1g", "16g"])
def test_memory_in_whole_megabytes_or_gigabytes_will_do(memory):
    check_memory("kafka", KafkaSettings(memory=memory))
    check_memory("cassandra", CassandraSettings(memory=memory))


def test_settings_are_kept_and_forgotten(tmp_path):
    kept = new_set(replace(DEFAULTS["kafka3"], memory="256m"))
    keep(tmp_path, "kafka3", kept)
    assert kept_set(tmp_path, "kafka3") == kept
    forget(tmp_path, "kafka3")
    assert kept_set(tmp_path, "kafka3") is None


def test_new_data_have_another_identity():
    assert new_set(KafkaSettings()).identity != new_set(KafkaSettings()).identity


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"settings": {"port": "x"}, "identity": "1"})])
def test_a_damaged_file_of_settings_is_one_sentence(tmp_path, text):
    (tmp_path / "kafka.json").write_text(text)
    with pytest.raises(ServerError, match=r"kafka\.json cannot be read"):
        kept_set(tmp_path, "kafka")


def test_settings_that_stay_the_same_are_no_change_of_the_data():
    kept = new_set(KafkaSettings())
    assert kept.with_settings("kafka", kept.settings) == kept
    assert isinstance(kept.with_settings("kafka", replace(kept.settings, memory="1g")), KeptSet)
