import signal

import pytest

from pipelines.servers.process import ServerProcess


@pytest.fixture
def folder(tmp_path):
    """A folder whose servers end with the test."""
    yield tmp_path
    for pid_file in tmp_path.rglob("pid"):
        ServerProcess(pid_file.parent).send(signal.SIGKILL)
