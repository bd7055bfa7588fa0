"""The demo as a person sees it: one command, a page, numbers that grow, Ctrl-C, and again."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from pipelines.storage import open_reader

pytestmark = pytest.mark.end_to_end

STOPS_WITHIN_SECOND = 5.0


class Demo:
    """A demo in a folder; each start is a process of its own."""

    def __init__(self, directory):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.directory = directory
        self.output = directory.parent / "output"
        self.process = None
        self.children = []

    def start(self):
        flags = f"--batteries 8 --cycles 30 --speed 600 --backlog-cycles 1 --port {self.port} --data {self.directory}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.cli.main", "demo", *flags.split()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self.wait_until(lambda: "The page is at" in self.said())
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    def said(self):
        return self.output.read_text("utf-8", "replace")

    def wait_until(self, is_so):
        """Look until it is so; the end of the demo is a failure, and the test's time limit ends the rest."""
        while not is_so():
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self.process.wait(0.1)
                logs = [f"{log.name}:\n{log.read_text()[-2000:]}" for log in self.directory.glob("logs/*.log")]
                pytest.fail("\n".join([f"the demo ended with {code}:", self.said(), *logs]))

    def stop(self, number):
        """Send the signal to the demo alone; its exit code."""
        os.kill(self.process.pid, number)
        return self.process.wait(STOPS_WITHIN_SECOND)

    def living(self):
        """Those of its children that still run."""
        return [child for child in self.children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]

    def rows(self, name):
        reader = open_reader(f"sqlite:///{self.directory / 'chargetracker.db'}")
        try:
            return getattr(reader, name)()
        finally:
            reader.close()

    def totals(self):
        return self.rows("totals")


@pytest.fixture
def demo(tmp_path):
    found = Demo(tmp_path / "data")
    yield found
    for process in (found.process, *found.children):
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                process.kill()
    if found.process is not None:
        found.process.wait()


def page_status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def finished(rows):
    return {(row.battery_id, row.cycle_number): row for row in rows if row.status == "final"}


def test_it_starts_grows_stops_at_ctrl_c_and_goes_on(demo):
    demo.start()
    assert page_status(demo.port) == 200
    # Each of the 8 batteries has the cycle of the backlog, and at least one more was played.
    demo.wait_until(lambda: demo.totals().batteries == 8 and demo.totals().cycles > 16)
    assert len(demo.living()) == 3

    assert demo.stop(signal.SIGINT) == 0
    assert demo.living() == []
    before, before_cycles = demo.totals(), finished(demo.rows("cycles"))
    assert before.dead_letters == before.late == 0

    demo.start()
    demo.wait_until(lambda: demo.totals().cycles > before.cycles + 8)
    assert demo.stop(signal.SIGTERM) == 0
    assert demo.living() == []
    after, after_cycles = demo.totals(), finished(demo.rows("cycles"))
    assert after.readings > before.readings
    assert (after.dead_letters, after.late, after.batteries) == (0, 0, 8)
    assert {key: after_cycles[key] for key in before_cycles} == before_cycles
    # The simulator went on where it was: no reading is missing, none came twice from another beginning.
    for battery in demo.rows("batteries"):
        numbers = [row.cycle_number for row in demo.rows("cycles") if row.battery_id == battery.battery_id]
        assert numbers == list(range(1, battery.cycle_number + 1))
    assert max(row.max_gap_second for row in after_cycles.values()) < 1.5


def test_nothing_is_left_when_it_is_killed_and_a_second_one_in_the_folder_is_refused(demo):
    demo.start()
    flags = ["demo", "--data", str(demo.directory), "--port", str(free_port())]
    second = subprocess.run([sys.executable, "-m", "pipelines.cli.main", *flags], capture_output=True, text=True)
    assert second.returncode == 1
    assert f"another demo (process {demo.process.pid})" in second.stderr

    demo.process.kill()
    demo.process.wait()
    while demo.living():
        time.sleep(0.05)


def test_a_port_in_use_is_found_before_anything_is_made(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        flags = ["demo", "--data", str(tmp_path / "data"), "--port", str(other.getsockname()[1])]
        done = subprocess.run([sys.executable, "-m", "pipelines.cli.main", *flags], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_process_that_dies_ends_the_demo_and_is_named(demo):
    demo.start()
    pipeline = next(child for child in demo.children if "run" in child.cmdline())
    pipeline.kill()
    assert demo.process.wait(60) == 1
    assert "'run' has ended" in demo.said()
    assert demo.living() == []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
