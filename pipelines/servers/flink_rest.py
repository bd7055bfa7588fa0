"""What Flink's JobManager says about its cluster, over HTTP."""

from __future__ import annotations

import msgspec

from pipelines.servers.json_page import ask, read_page

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
        overview = read_page(self._address, "/overview", _Overview)
        return overview.slots if overview else None

    def jobs(self, name: str) -> list[str]:
        """Those of this name that have not ended; none when the JobManager does not answer."""
        return [job.jid for job in self._jobs(name) if job.state not in _ENDED]

    def failed(self, name: str) -> set[str]:
        """Those of this name that have failed; none when the JobManager does not answer."""
        return {job.jid for job in self._jobs(name) if job.state == "FAILED"}

    def failure_of(self, job: str) -> str:
        """Why a job has failed: Java's whole stack, with what Python has said in it; empty when nobody knows."""
        said = read_page(self._address, f"/jobs/{job}/exceptions", _Exceptions)
        return said.history.entries[0].stacktrace if said and said.history.entries else ""

    def cancel(self, job: str) -> None:
        """Ask a job to end.

        Raises:
            OSError, HTTPException: The JobManager does not answer.
        """
        ask(self._address, "PATCH", f"/jobs/{job}?mode=cancel")

    def _jobs(self, name: str) -> list[_Job]:
        said = read_page(self._address, "/jobs/overview", _Jobs)
        return [job for job in said.jobs if job.name == name] if said else []
