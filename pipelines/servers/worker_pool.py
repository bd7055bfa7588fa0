"""A pool of Python workers: processes that run our part of a job, started before they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from pipelines.servers.readiness import grpc_answers
from pipelines.servers.server import Launch, Port

PROGRAM = "pipelines.runners.worker_pool"


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """Of one cluster, or of one executor.

    Attributes:
        name: Of the node.
        port: Where a cluster asks for workers.
        flag: Which of our flags moves the port.
        workers: How many wait for work.
    """

    name: str
    port: int
    flag: str
    workers: int

    java: ClassVar[None] = None
    started_words: ClassVar[bytes] = b"listening"

    @property
    def version(self) -> str:
        """Of Beam."""
        return version("apache-beam")

    @property
    def ports(self) -> tuple[Port, ...]:
        """The one."""
        return (Port(self.port, self.flag, "requests for workers"),)

    def prepare(self, folder: Path, launch: Launch) -> None:
        """There is nothing to prepare."""

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:  # noqa: ARG002 - others need it
        """Python, the program and its arguments."""
        return [str(launch.program), "-m", PROGRAM, str(self.port), str(self.workers), mark]

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when it can be asked for workers; it listens when the first ones are warm."""
        return grpc_answers(self.port)
