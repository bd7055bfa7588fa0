"""What Flink's JobManager says about its cluster, over HTTP."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

import msgspec

from pipelines.servers.readiness import ANSWERS_WITHIN_SECOND

_ENDED = ("CANCELED", "FINISHED", "FAILED")


class _Overview(msgspec.Struct):
    slots: int = msgspec.field(name="slots-total")


class _Job(msgspec.Struct):
    jid: str
    name: str
    state: str


class _Jobs(msgspec.Struct):
    jobs: list[_Job]


class _Failure(msgspec.Struct):
    stacktrace: str


class _History(msgspec.Struct):
    entries: list[_Failure]


class _Exceptions(msgspec.Struct):
    history: _History = msgspec.field(name="exceptionHistory")


class FlinkRest:
    """The REST interface of a cluster.

    Args:
        host: Of the JobManager.
        port: Of its REST interface.
    """

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port

    def slots(self) -> int | None:
        """How many slots the cluster has, free or not; `None` when the JobManager does not answer."""
        try:
            return msgspec.json.decode(self._ask("GET", "/overview"), type=_Overview).slots
        except (OSError, HTTPException, msgspec.MsgspecError):
            return None

    def jobs(self, name: str) -> list[str]:
        """Those of this name that have not ended; none when the JobManager does not answer."""
        return [job.jid for job in self._jobs(name) if job.state not in _ENDED]

    def failed(self, name: str) -> set[str]:
        """Those of this name that have failed; none when the JobManager does not answer."""
        return {job.jid for job in self._jobs(name) if job.state == "FAILED"}

    def failure_of(self, job: str) -> str:
        """Why a job has failed: Java's whole stack, with what Python has said in it; empty when nobody knows."""
        try:
            said = msgspec.json.decode(self._ask("GET", f"/jobs/{job}/exceptions"), type=_Exceptions).history.entries
        except (OSError, HTTPException, msgspec.MsgspecError):
            return ""
        return said[0].stacktrace if said else ""

    def cancel(self, job: str) -> None:
        """Ask a job to end.

        Raises:
            OSError: The JobManager does not answer.
        """
        self._ask("PATCH", f"/jobs/{job}?mode=cancel")

    def _jobs(self, name: str) -> list[_Job]:
        try:
            jobs = msgspec.json.decode(self._ask("GET", "/jobs/overview"), type=_Jobs).jobs
        except (OSError, HTTPException, msgspec.MsgspecError):
            return []
        return [job for job in jobs if job.name == name]

    def _ask(self, method: str, path: str) -> bytes:
        # No proxy is asked, whatever the environment says.
        connection = HTTPConnection(*self._address, timeout=ANSWERS_WITHIN_SECOND)
        try:
            connection.request(method, path)
            return connection.getresponse().read()
        finally:
            connection.close()
