"""Two runs on one store: the newer one takes over, the older one ends with a clear line and exit code."""

import subprocess
import time

import pytest

from pipelines.sources.log import LogWriter
from pipelines.storage import open_store
from tests.end_to_end.command import PROGRAM


def started(log: str, store: str) -> subprocess.Popen:
    return subprocess.Popen(
        [*PROGRAM, "run", "--source", log, "--store", store],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.end_to_end
def test_a_second_run_takes_over_and_the_first_one_says_so(tmp_path):
    log, url = f"log://{tmp_path}/log", f"sqlite:///{tmp_path}/m.db"
    writer = LogWriter(tmp_path / "log", 1)

    def send(second: int) -> None:
        reading = b'{"battery_id":"b1","test_time_second":%d,"current_ampere":1,"voltage_volt":3}' % second
        writer.append(0, [reading])

    store = open_store(url, create=True)
    store.init()
    first = started(log, url)
    until(lambda: store.newest_epoch() > 0)
    epoch = store.newest_epoch()
    send(1)
    until(lambda: store.totals().readings == 1)
    second = started(log, url)
    until(lambda: store.newest_epoch() > epoch)
    send(2)
    until(lambda: first.poll() is not None)
    assert first.returncode == 1
    assert "taken over" in first.stderr.read()
    send(3)
    until(lambda: store.totals().readings == 3)
    second.terminate()
    assert second.wait(10) == 0
    assert store.totals().duplicates == store.totals().late == 0
