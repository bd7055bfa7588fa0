"""The cluster of a run: one's own, which is brought up whenever something of it is down, or an existing one."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException

from pipelines.options import ClusterSettings, SettingsError
from pipelines.runners.own_stack import own_stack
from pipelines.runners.portable import JobError
from pipelines.servers import LOOPBACK, FlinkRest, Node, Stack

SET = "flink"
JOB_ENDED_WITHIN_SECOND = 30.0
_ENVIRONMENTS = {"docker": "DOCKER", "external": "EXTERNAL"}


@dataclass(frozen=True, slots=True)
class Existing:
    """Somebody else's cluster.

    Attributes:
        host: Of its JobManager.
        port: Of the JobManager's REST interface.
        environment: Flags of Beam that say where the Python part of a job runs.
    """

    host: str
    port: int
    environment: tuple[str, ...]


class FlinkCluster:
    """Where jobs run, with the servers of our own that belong to it.

    Args:
        stack: Has the set: the whole cluster, or for an existing one the job server alone.
        existing: `None` for the stack's own.
    """

    def __init__(self, stack: Stack, existing: Existing | None = None) -> None:
        self._stack = stack
        self._existing = existing

    def up(self) -> None:
        """Start what is down of our own; returns when a job can be submitted.

        Raises:
            ServerError: Something does not come up.
        """
        there = self._existing
        self._stack.up({SET: {"master": f"{there.host}:{there.port}" if there else None}})

    def look(self) -> None:
        """Look at what is our own.

        Raises:
            JobError: Something of it is down.
        """
        for node in self._stack.nodes([SET]):
            if node.process.running() is None:
                message = f"{node.name} has died"
                raise JobError(message)

    @property
    def job_endpoint(self) -> str:
        """Where the job server is, as HOST:PORT."""
        return self._address("jobserver")

    @property
    def rest(self) -> FlinkRest:
        """Of the JobManager."""
        if self._existing:
            return FlinkRest(self._existing.host, self._existing.port)
        return FlinkRest(LOOPBACK, self._node("jobmanager").server.ports[0].number)

    @property
    def flags(self) -> tuple[str, ...]:
        """Flags of Beam that say where the Python part of a job runs."""
        if self._existing:
            return self._existing.environment
        return "--environment_type=EXTERNAL", f"--environment_config={self._address('workers')}"

    def _address(self, role: str) -> str:
        return f"{LOOPBACK}:{self._node(role).server.ports[0].number}"

    def _node(self, role: str) -> Node:
        return self._stack.node(f"{SET}-{role}")


def cluster_of(settings: ClusterSettings) -> FlinkCluster:
    """The one that the settings name.

    Raises:
        SettingsError: They do not fit together.
    """
    if settings.master is None:
        if settings.environment:
            message = "--environment: the stack has Python workers of its own; the flag is for --flink-master."
            raise SettingsError(message)
        return FlinkCluster(own_stack(settings.stack))
    host, port = _address("--flink-master", settings.master)
    existing = Existing(host, port, _environment_flags(settings.environment))
    return FlinkCluster(own_stack(settings.stack / f"flink-{host}-{port}"), existing)


def parallelism_of(cluster: FlinkCluster) -> int:
    """Slots of the cluster.

    Raises:
        JobError: Its JobManager does not answer, or it has none.
    """
    slots = cluster.rest.slots()
    if not slots:
        message = "Flink's JobManager does not answer" if slots is None else "the Flink cluster has no TaskManager"
        raise JobError(message)
    return slots


def end_jobs(rest: FlinkRest, name: str) -> None:
    """Cancel what an attempt has left behind whose client or job server has died; wait until it is gone.

    Raises:
        JobError: It does not go.
    """
    deadline = time.monotonic() + JOB_ENDED_WITHIN_SECOND
    while jobs := rest.jobs(name):
        if time.monotonic() > deadline:
            message = f"the job of the attempt before ({jobs[0]}) does not end"
            raise JobError(message)
        for job in jobs:
            with suppress(OSError, HTTPException):
                rest.cancel(job)
        time.sleep(0.2)


def _address(flag: str, text: str) -> tuple[str, int]:
    """Host and port.

    Raises:
        SettingsError: It is something else.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        message = f"{flag} {text}: give it as HOST:PORT, for example flink.lab:8081."
        raise SettingsError(message)
    return host, int(port)


def _environment_flags(environment: str | None) -> tuple[str, ...]:
    kind, _, place = (environment or "").partition(":")
    if kind not in _ENVIRONMENTS or not place:
        message = (
            f"--environment {environment or ''}: say where the Python part of the job runs on that cluster: "
            "docker:IMAGE, or external:HOST:PORT of a worker pool that its TaskManagers reach."
        )
        raise SettingsError(message)
    return f"--environment_type={_ENVIRONMENTS[kind]}", f"--environment_config={place}"
