"""A Flink session cluster of one TaskManager, with Beam's job server and a pool of Python workers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pipelines.servers import flink_configuration, versions
from pipelines.servers.flink_configuration import FlinkPorts
from pipelines.servers.flink_rest import FlinkRest
from pipelines.servers.job_server import JobServer
from pipelines.servers.loopback import LOOPBACK_CLASSES, write_loopback_class
from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.server import JavaProgram, Launch, Port, Server, own_file
from pipelines.servers.settings import FlinkSettings, byte_count
from pipelines.servers.worker_pool import WorkerPool

# Java 21 runs Flink 1.19 as well, but nobody tells so for the whole of it.
JAVA = JavaProgram("flink", (11, 17), "Java 17 or 11")
FLAG = "--flink-port"
_JOB_MANAGER_MEMORY = "512m"
_CLASS_PATH = "class-path.options"
_JOB_SERVER_MEMORY = "512m"


@dataclass(frozen=True, slots=True)
class JobManager:
    """Takes jobs and gives them to TaskManagers; has the web page."""

    set_name: str
    settings: FlinkSettings

    version: ClassVar[str] = versions.FLINK
    java: ClassVar[JavaProgram] = JAVA
    started_words: ClassVar[bytes] = b"Rest endpoint listening"

    @property
    def name(self) -> str:
        """With the set's."""
        return f"{self.set_name}-jobmanager"

    @property
    def ports(self) -> tuple[Port, ...]:
        """The web page's, and those that TaskManagers use."""
        ports = FlinkPorts(self.settings.port)
        return (
            Port(ports.rest, FLAG, "web page and REST", is_page=True),
            Port(ports.rpc, FLAG, "TaskManagers", for_clients=False),
            Port(ports.blob, FLAG, "TaskManagers", for_clients=False),
        )

    def prepare(self, folder: Path, launch: Launch) -> None:  # noqa: ARG002 - others need it
        """Write its settings."""
        flink_configuration.write(folder, self.settings)

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options and the program."""
        program = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
        return _command(folder, launch, mark, byte_count(_JOB_MANAGER_MEMORY), program)

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when it knows of its cluster."""
        return FlinkRest(LOOPBACK, self.settings.port).slots() is not None


@dataclass(frozen=True, slots=True)
class TaskManager:
    """Runs the tasks of jobs."""

    set_name: str
    settings: FlinkSettings

    version: ClassVar[str] = versions.FLINK
    java: ClassVar[JavaProgram] = JAVA
    started_words: ClassVar[bytes] = b"Successful registration at resource manager"

    @property
    def name(self) -> str:
        """With the set's."""
        return f"{self.set_name}-taskmanager"

    @property
    def ports(self) -> tuple[Port, ...]:
        """Those that the JobManager and other TaskManagers use."""
        ports = FlinkPorts(self.settings.port)
        return (
            Port(ports.task_rpc, FLAG, "the JobManager", for_clients=False),
            Port(ports.task_data, FLAG, "other TaskManagers", for_clients=False),
        )

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Write its settings, and its class path, with what has Beam's servers for workers listen on loopback only."""
        flink_configuration.write(folder, self.settings)
        write_loopback_class(folder / LOOPBACK_CLASSES, launch.jars)
        class_path = os.pathsep.join(map(str, (folder / LOOPBACK_CLASSES, *launch.jars)))
        (folder / _CLASS_PATH).write_text(f'-cp "{class_path}"\n')

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options and the program."""
        heap = byte_count(self.settings.memory) + flink_configuration.FRAMEWORK_HEAP_BYTES
        program = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
        return _command(folder, launch, mark, heap, f"@{folder / _CLASS_PATH}", program)

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when the JobManager has all slots of it."""
        return FlinkRest(LOOPBACK, self.settings.port).slots() == self.settings.slots


def flink_servers(name: str, settings: FlinkSettings) -> Sequence[Server]:
    """All nodes of the set; for another cluster, the job server alone."""
    ports = FlinkPorts(settings.port)
    job_server = JobServer(
        name=f"{name}-jobserver",
        port=ports.jobs,
        flag=FLAG,
        java=JAVA,
        program="org.apache.beam.runners.flink.FlinkJobServerDriver",
        memory=_JOB_SERVER_MEMORY,
        ships_jars=settings.master is not None,
        arguments=(f"--flink-master={settings.master or f'{LOOPBACK}:{ports.rest}'}",),
    )
    if settings.master:
        return [job_server]
    workers = WorkerPool(f"{name}-workers", ports.workers, FLAG, settings.slots)
    return [JobManager(name, settings), TaskManager(name, settings), job_server, workers]


def _command(folder: Path, launch: Launch, mark: str, heap_bytes: int, *program: str) -> list[str]:
    options = [f"@{own_file('beam.options')}", f"-Xmx{heap_bytes}", f"-Djava.io.tmpdir={folder}", mark]
    return [str(launch.program), *options, *program, "--configDir", str(folder)]
