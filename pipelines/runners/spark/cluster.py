"""The cluster of a run: one's own, which is brought up whenever something of it is down, or an existing one."""

from __future__ import annotations

import re
from contextlib import suppress

from pipelines.options import ClusterSettings, SettingsError
from pipelines.runners.own_stack import own_stack
from pipelines.servers import LOOPBACK, Node, ServerError, Stack, Watch
from pipelines.servers.lifecycle import stop
from pipelines.servers.node import refuse_ports_in_use
from pipelines.servers.settings import SparkSettings
from pipelines.servers.spark import spark_servers

SET = "spark"
_PORTS_TRIED = 1000
JOBS_A_JOB_SERVER = 1000
"""How many jobs a job server runs before another takes its place: each leaves about 0.1 MB in it."""


class SparkCluster:
    """Where jobs run, with the servers of our own that belong to it.

    Args:
        stack: Has the set: the whole cluster, or for an existing one the job server alone.
        master: Of the existing one; `None` for the stack's own.
        workers: Where executors ask for Python workers, each on its own machine; `None` for the stack's own.
    """

    def __init__(self, stack: Stack, master: str | None = None, workers: str | None = None) -> None:
        self._stack = stack
        self._master = master
        self._workers = workers
        self._jobs = 0

    def up(self) -> None:
        """Start what is down of our own; returns when a job can be submitted.

        Raises:
            ServerError: Something does not come up.
        """
        wanted: dict[str, object] = {"master": self._master}
        if self._master and self._node("jobserver").process.running() is None:
            wanted["port"] = _free_port(self._master)
        self._stack.up({SET: wanted})

    def renew(self) -> None:
        """Put another job server, and with it another Spark context, in the place of the one there is.

        Raises:
            ServerError: It does not come up.
        """
        stop([self._node("jobserver")], Watch())
        self._jobs = 0
        self.up()

    def count_job(self) -> None:
        """One more job is about to be submitted: renew the job server when it has run enough of them."""
        if self._jobs >= JOBS_A_JOB_SERVER:
            self.renew()
        self._jobs += 1

    @property
    def job_endpoint(self) -> str:
        """Of the job server, as HOST:PORT."""
        return self._address("jobserver")

    @property
    def flags(self) -> tuple[str, ...]:
        """Flags of Beam that say where the Python part of a job runs, and what travels with it."""
        # All processes of the cluster have Beam's jars: none has to travel with a job. A file has to be named, though.
        nothing = self._node("jobserver").process.folder / "nothing"
        nothing.touch()
        workers = f"--environment_config={self._workers or self._address('python')}"
        return "--environment_type=EXTERNAL", workers, f"--files_to_stage={nothing}"

    def _address(self, role: str) -> str:
        return f"{LOOPBACK}:{self._node(role).server.ports[0].number}"

    def _node(self, role: str) -> Node:
        return self._stack.node(f"{SET}-{role}")


def cluster_of(settings: ClusterSettings) -> SparkCluster:
    """The one that the settings name.

    Raises:
        SettingsError: They do not fit together.
    """
    master, environment = settings.master, settings.environment
    if master is None:
        if environment:
            message = "--environment: the stack has Python workers of its own; the flag is for --spark-master."
            raise SettingsError(message)
        return SparkCluster(_stack(settings))
    if not re.fullmatch(r"spark://[\w.-]+:\d+(,[\w.-]+:\d+)*", master):
        message = f"--spark-master {master}: give it as spark://HOST:PORT, as the master's web page shows it."
        raise SettingsError(message)
    kind, _, workers = (environment or "").partition(":")
    if kind != "external" or not workers:
        message = (
            f"--environment {environment or ''}: say where each machine of that cluster has its pool of Python "
            "workers: external:localhost:PORT. Spark would start a container anew for every job."
        )
        raise SettingsError(message)
    return SparkCluster(_stack(settings), master, workers)


def _free_port(master: str, first: int = SparkSettings().port) -> int:
    """From which on a job server for that cluster finds its ports free; nobody but the run asks for it there."""
    for port in range(first, first + _PORTS_TRIED, 10):
        with suppress(ServerError):
            refuse_ports_in_use(spark_servers(SET, SparkSettings(port=port, master=master)))
            return port
    message = f"no ports between {first} and {first + _PORTS_TRIED} are free for a job server: end what has them."
    raise ServerError(message)


def _stack(settings: ClusterSettings) -> Stack:
    folder = settings.stack
    if settings.master:
        folder /= "spark-" + re.sub(r"[^\w.-]+", "-", settings.master.removeprefix("spark://"))
    return own_stack(folder)
