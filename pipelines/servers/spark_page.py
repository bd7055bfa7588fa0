"""What a Spark master says about its cluster, over HTTP."""

from __future__ import annotations

import msgspec

from pipelines.servers.json_page import read_page
from pipelines.servers.readiness import LOOPBACK

_ALIVE = "ALIVE"


class _Worker(msgspec.Struct):
    port: int
    state: str


class _Overview(msgspec.Struct):
    status: str
    workers: list[_Worker]


def workers(port: int) -> set[int] | None:
    """Ports of the workers that the cluster has; `None` when the master does not answer, or is not in charge.

    Args:
        port: Of the master's web page, on loopback.
    """
    overview = read_page((LOOPBACK, port), "/json/", _Overview)
    if overview is None or overview.status != _ALIVE:
        return None
    return {worker.port for worker in overview.workers if worker.state == _ALIVE}
