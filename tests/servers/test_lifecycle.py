import os
import signal

import pytest

from pipelines.servers import lifecycle
from pipelines.servers.errors import ServerError
from pipelines.servers.node import State
from pipelines.servers.watch import Watch
from tests.servers.fake_server import FAILS, IGNORES_SIGTERM, LAUNCH, a_node


class Diary(Watch):
    def __init__(self):
        self.lines = []

    def ready(self, node, second):
        self.lines.append(("ready", node.name))

    def stopped(self, node, second, killed):
        self.lines.append(("killed" if killed else "stopped", node.name))


@pytest.fixture
def diary():
    return Diary()


def up(nodes, diary):
    lifecycle.start(nodes, {None: LAUNCH})
    lifecycle.wait_until_ready(nodes, diary)


def test_servers_are_prepared_started_waited_for_and_stopped(folder, diary):
    nodes = [a_node(folder, name="a"), a_node(folder, name="b")]
    up(nodes, diary)
    assert [node.state() for node in nodes] == [State.READY, State.READY]
    assert (folder / "a" / "prepared").exists()
    lifecycle.stop(nodes, diary)
    assert [node.state() for node in nodes] == [State.DOWN, State.DOWN]
    assert sorted(diary.lines) == [("ready", "a"), ("ready", "b"), ("stopped", "a"), ("stopped", "b")]


def test_a_server_that_ends_at_its_start_is_an_error_with_the_end_of_its_log(folder, diary):
    node = a_node(folder, program=FAILS)
    with pytest.raises(ServerError, match="fake has ended") as failed:
        up([node], diary)
    assert str(node.process.log) in str(failed.value)
    assert failed.value.evidence == "no memory"


def test_a_server_that_never_answers_is_an_error(folder, diary, monkeypatch):
    monkeypatch.setattr(lifecycle, "READY_WITHIN_SECOND", 0.0)
    with pytest.raises(ServerError, match="fake does not answer after 0 s"):
        up([a_node(folder, is_answering=False)], diary)


def test_a_server_that_runs_and_has_not_said_so_is_starting(folder):
    node = a_node(folder, started_words=b"something else")
    lifecycle.start([node], {None: LAUNCH})
    assert node.state() is State.STARTING


def test_a_server_that_was_ready_and_does_not_answer_is_silent(folder, diary):
    node = a_node(folder)
    up([node], diary)
    assert a_node(folder, is_answering=False).state() is State.SILENT


def test_a_server_that_does_not_stop_is_killed(folder, diary, monkeypatch):
    monkeypatch.setattr(lifecycle, "STOPPED_WITHIN_SECOND", 0.3)
    node = a_node(folder, program=IGNORES_SIGTERM)
    up([node], diary)
    lifecycle.stop([node], diary)
    assert node.state() is State.DOWN
    assert diary.lines[-1] == ("killed", "fake")


def test_a_server_that_is_halted_is_stopped_all_the_same(folder, diary):
    node = a_node(folder)
    up([node], diary)
    node.process.send(signal.SIGSTOP)
    lifecycle.stop([node], diary)
    assert diary.lines[-1] == ("stopped", "fake")


def test_what_is_down_is_not_stopped(folder, diary):
    lifecycle.stop([a_node(folder)], diary)
    assert diary.lines == []


def test_kill_says_whether_there_was_something_to_kill(folder, diary):
    node = a_node(folder)
    up([node], diary)
    assert lifecycle.kill(node)
    assert not lifecycle.kill(node)
    assert node.state() is State.DOWN


def test_the_status_of_a_node_has_its_memory_and_the_size_of_its_folder(folder, diary):
    node = a_node(folder)
    up([node], diary)
    (node.process.folder / "data").write_bytes(bytes(5_000_000))
    status = node.status()
    assert status.process_id is not None
    assert status.process_id != os.getpid()
    assert status.resident_bytes > 1_000_000
    assert 5_000_000 <= status.data_bytes < 5_001_000


def test_the_status_of_a_node_that_never_ran_is_all_zero(folder):
    status = a_node(folder).status()
    assert (status.state, status.process_id, status.resident_bytes, status.data_bytes) == (State.DOWN, None, 0, 0)
