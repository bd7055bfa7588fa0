"""A verb whose process ends with the process that started it, even when that one is killed.

Started as ``python -m pipelines.cli.bound PARENT_PROCESS_ID VERB FLAGS``.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
"""Of Linux' prctl(2): the signal that this process gets when its parent ends."""


def die_with(parent_process_id: int) -> None:
    """Have this process killed when its parent ends, or at once when it has already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent_process_id,), daemon=True).start()
    # The parent may have ended before the line above.
    if os.getppid() != parent_process_id:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent_process_id: int) -> None:
    while os.getppid() == parent_process_id:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    die_with(int(sys.argv.pop(1)))
    # Only now, because it takes a while to load.
    from pipelines.cli.main import main

    main()
