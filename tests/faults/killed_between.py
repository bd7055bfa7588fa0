"""A run on Cassandra that kills itself with SIGKILL in its n-th write: rows are there, snapshots are not.

usage: python -m tests.faults.killed_between N --source URL --store URL --tick-second S
"""

import os
import signal
import sys
from typing import Any

from pipelines.options import RunSettings
from pipelines.runners.local import run_local
from pipelines.storage.cassandra import store as module


def kill_at(write: int) -> None:
    """Let the first part of each write pass, and the second one of the ``write``-th be the end of this process."""
    original, calls = module.send, 0

    def counted(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2 * write:
            os.kill(os.getpid(), signal.SIGKILL)
        original(*arguments)

    module.send = counted


if __name__ == "__main__":
    _, number, _, source, _, store, _, tick = sys.argv
    kill_at(int(number))
    run_local(RunSettings(source, store, tick_second=float(tick)))
