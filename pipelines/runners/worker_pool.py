"""The program of a pool of Python workers: ``python -m pipelines.runners.worker_pool PORT WORKERS [MARK]``.

It listens on loopback, where Beam's own pool listens everywhere, and hands out processes that have loaded everything
already, where Beam's own starts them when they are asked for. A worker is used again when a job has let it go.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import grpc
import msgspec
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from pipelines.runners.worker import FREE, WorkerOrder

_LOGGER = logging.getLogger(__name__)
_WARM_WITHIN_SECOND = 60.0
_PROGRAM = "pipelines.runners.worker"


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Hands out workers; as many as ``workers`` wait for work at any time."""

    def __init__(self, workers: int) -> None:
        self._changed = threading.Condition()
        self._workers = workers
        self._starting = 0
        self._free: list[subprocess.Popen[bytes]] = []
        with self._changed:
            self._fill()

    def wait_until_warm(self) -> None:
        """Return when workers wait for work."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._free) >= self._workers, _WARM_WITHIN_SECOND)

    def StartWorker(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 - as gRPC names it
        """Give a worker this job's work."""
        order = WorkerOrder(request.worker_id, request.control_endpoint.url)
        with self._changed:
            if not self._changed.wait_for(lambda: self._free, _WARM_WITHIN_SECOND):
                return beam_fn_api_pb2.StartWorkerResponse(error="no Python worker could be started")
            worker = self._free.pop(0)
            self._fill()
        assert worker.stdin is not None
        with suppress(BrokenPipeError):  # it has just died: the job fails, and the next attempt has another
            worker.stdin.write(msgspec.json.encode(order) + b"\n")
            worker.stdin.flush()
        _LOGGER.info("worker %s is process %d", order.worker_id, worker.pid)
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 - as gRPC names it
        """A worker ends its work by itself, when its job closes the connection."""
        return beam_fn_api_pb2.StopWorkerResponse()

    def _fill(self) -> None:
        """Start as many as are missing; with the lock held."""
        for _ in range(self._workers - len(self._free) - self._starting):
            command = [sys.executable, "-m", _PROGRAM]
            worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._starting += 1
            threading.Thread(target=self._listen_to, args=(worker,), daemon=True).start()

    def _listen_to(self, worker: subprocess.Popen[bytes]) -> None:
        """It says when it is free, first when it is warm, until it ends."""
        assert worker.stdout is not None
        warm = False
        for line in worker.stdout:
            if line != FREE:
                continue
            with self._changed:
                self._starting -= not warm
                self._free.append(worker)
                self._changed.notify_all()
            warm = True
        code = worker.wait()
        _LOGGER.info("process %d has ended (%d)", worker.pid, code)
        with self._changed:
            self._starting -= not warm
            if worker in self._free:
                self._free.remove(worker)
                self._fill()


def serve(port: int, workers: int) -> None:
    """Listen until the process is ended; its workers end with it."""
    pool = WorkerPool(workers)
    pool.wait_until_warm()
    server = grpc.server(ThreadPoolExecutor())
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    _LOGGER.info("listening at 127.0.0.1:%d", port)
    server.wait_for_termination()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)  # Beam has set it up
    serve(int(sys.argv[1]), int(sys.argv[2]))
