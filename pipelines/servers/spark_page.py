"""What a Spark master says about its cluster, over HTTP."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

import msgspec

from pipelines.servers.readiness import ANSWERS_WITHIN_SECOND, LOOPBACK

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
    # No proxy is asked, whatever the environment says: it is this machine.
    connection = HTTPConnection(LOOPBACK, port, timeout=ANSWERS_WITHIN_SECOND)
    try:
        connection.request("GET", "/json/")
        overview = msgspec.json.decode(connection.getresponse().read(), type=_Overview)
    except (OSError, HTTPException, msgspec.MsgspecError):
        return None
    finally:
        connection.close()
    return {worker.port for worker in overview.workers if worker.state == _ALIVE} if overview.status == _ALIVE else None
