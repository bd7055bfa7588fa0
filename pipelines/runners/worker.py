"""One Python worker of a pool: ``python -m pipelines.runners.worker``.

It loads everything, says that it is free, and then takes orders, a line each, one after another. It ends when its
standard input does: no worker outlives its pool.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from queue import SimpleQueue

import grpc
import msgspec
from apache_beam.runners.worker.sdk_worker import SdkHarness

import pipelines.graph  # noqa: F401 - everything that a job of ours is made of

_LOGGER = logging.getLogger(__name__)

FREE = b"free\n"
"""What a worker writes when it waits for work."""


class WorkerOrder(msgspec.Struct, frozen=True):
    """What a worker is asked to do.

    Attributes:
        worker_id: What the runner calls it.
        control_url: Where the runner tells it what to process.
    """

    worker_id: str
    control_url: str


def work() -> None:
    """Take orders until there are no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what Beam prints is for the log
    orders: SimpleQueue[WorkerOrder] = SimpleQueue()
    threading.Thread(target=_read, args=(orders,), daemon=True).start()
    while True:
        answers.write(FREE)
        order = orders.get()
        # State is cached nowhere: Beam's cache measures each value with a walk over all that it can reach.
        harness = SdkHarness(
            order.control_url, worker_id=order.worker_id, state_cache_size=0, data_buffer_time_limit_ms=-1
        )
        try:
            harness.run()
        except grpc.RpcError as error:
            # The runner has let go in the middle of something: who knows what is left of it here.
            _LOGGER.warning("the runner has gone (%s)", error)
            os._exit(1)


def _read(orders: SimpleQueue[WorkerOrder]) -> None:
    for line in sys.stdin.buffer:
        orders.put(msgspec.json.decode(line, type=WorkerOrder))
    os._exit(0)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(message)s", force=True)
    work()
