"""The pipeline in a process of its own that kills itself with SIGKILL at its n-th write.

usage: python -m tests.faults.killed_run SOURCE STORE N WHERE
WHERE: "before" the write, "between" the write and its acknowledgement, "committed" after the n-th commit; or "never".
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from pipelines.options import RunSettings
from pipelines.runners.local import run_local
from pipelines.storage.sqlite import SqliteStore


def kill_at(call: int, method: str, after: bool) -> None:
    """Make the ``call``-th call of a store's method, by whatever instance, the last thing this process does."""
    original: Callable[..., Any] = getattr(SqliteStore, method)
    calls = 0

    @wraps(original)
    def counted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(SqliteStore, method, counted)


def main(source: str, store: str, call: str, where: str) -> None:
    if where == "before":
        kill_at(int(call), "write", after=False)
    elif where == "between":
        kill_at(int(call), "write", after=True)
    elif where == "committed":
        kill_at(int(call), "commit", after=True)
    run_local(RunSettings(source, store, once=where == "never", tick_second=0.02, poll_bytes=20_000, roll_second=2.0))


if __name__ == "__main__":
    main(*sys.argv[1:])
