"""End the servers of a test run when the run ends, however it ends: ``python -m tests.reap_servers FOLDER``.

Waits for the end of its standard input, which the test run holds open. Then kills all servers whose folders are in
FOLDER, and removes it.
"""

import shutil
import signal
import sys
from pathlib import Path

from pipelines.servers.process import ServerProcess


def reap(folder: Path) -> None:
    for pid_file in folder.glob("*/*/pid"):
        ServerProcess(pid_file.parent).send(signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    reap(Path(sys.argv[1]))
