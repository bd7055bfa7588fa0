import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from pipelines.servers.process import ServerProcess
from tests.servers.fake_server import FAILS, SERVES

LISTENS = """
import socket, time
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    time.sleep(60)
"""


@pytest.fixture
def process(folder):
    return ServerProcess(folder)


def start(process, program=SERVES, **environment):
    process.start([sys.executable, "-c", program, process.mark], environment)


def eventually(look, limit_second=20.0):
    """What ``look`` gives, once it gives something."""
    deadline = time.monotonic() + limit_second
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def test_a_started_process_runs_at_once_and_is_found_by_its_folder_alone(process, folder):
    start(process)
    assert ServerProcess(folder).running().pid == process.running().pid


def test_a_folder_without_a_process_runs_nothing(process):
    assert process.running() is None
    assert process.send(signal.SIGTERM) is None
    assert not process.has_said(b"it runs")


def test_a_process_that_ended_by_itself_is_not_running(process):
    start(process, FAILS)
    eventually(lambda: process.running() is None)
    assert "no memory" in process.last_lines()


@pytest.mark.parametrize("text", ["", "many", "-3", "99999999999999"])
def test_a_damaged_pid_file_names_nobody(process, folder, text):
    (folder / "pid").write_text(text)
    assert process.running() is None


def test_a_stranger_with_the_number_of_our_pid_file_is_left_alone(process, folder):
    stranger = subprocess.Popen([sys.executable, "-c", SERVES, "-Dchargetracker.server=/somewhere/else"])
    try:
        (folder / "pid").write_text(f"{stranger.pid}\n")
        assert process.running() is None
        assert process.send(signal.SIGKILL) is None
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_this_very_process_is_a_stranger_too(process, folder):
    (folder / "pid").write_text(f"{os.getpid()}\n")
    assert process.send(signal.SIGKILL) is None


def test_when_a_killed_process_has_ended_its_port_is_free(process):
    start(process, LISTENS)
    port = int(eventually(lambda: process.has_said(b"\n") and process.last_lines()))
    running = process.send(signal.SIGKILL)
    eventually(lambda: process.has_ended(running))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_each_start_has_a_log_of_its_own_and_keeps_the_one_before(process, folder):
    start(process, "print('first')")
    eventually(lambda: process.running() is None)
    start(process, "print('second')")
    eventually(lambda: process.running() is None)
    assert process.last_lines() == "second"
    assert (folder / "log.previous").read_text() == "first\n"


def test_the_environment_of_a_start_is_added_to_ours(process, monkeypatch):
    monkeypatch.setenv("OURS", "a")
    start(process, "import os; print(os.environ['OURS'], os.environ['CLASSPATH'])", CLASSPATH="b")
    eventually(lambda: process.running() is None)
    assert process.last_lines() == "a b"
