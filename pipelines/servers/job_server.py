"""Beam's job server: takes a pipeline from a client and has a cluster run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

from pipelines.servers import versions
from pipelines.servers.loopback import LOOPBACK_CLASSES, write_loopback_class
from pipelines.servers.readiness import LOOPBACK, grpc_answers
from pipelines.servers.server import JavaProgram, Launch, Port, own_file

_EMPTY_JAR = "empty.jar"
_AGENT_JAR = "agent.jar"
# An agent that does nothing but be there; the jars of Flink and of Spark have it.
_AGENT = {"Premain-Class": "javassist.util.HotSwapAgent", "Can-Redefine-Classes": "true"}


@dataclass(frozen=True, slots=True)
class JobServer:
    """Of one cluster.

    Attributes:
        name: Of the node.
        port: For jobs; artifacts come to the next one, expansion is at the one after it.
        flag: Which of our flags moves the ports.
        java: What it is made of.
        program: Its class.
        memory: Java heap, as Java writes it.
        java_options: For Java, beside those of ``files/beam.options``.
        arguments: For the program: which cluster.
        ships_jars: False where the cluster's processes have Beam's jars themselves.
    """

    name: str
    port: int
    flag: str
    java: JavaProgram
    program: str
    memory: str
    java_options: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    ships_jars: bool = True

    version: ClassVar[str] = versions.BEAM_JAVA
    started_words: ClassVar[bytes] = b"Job server now running"

    @property
    def ports(self) -> tuple[Port, ...]:
        """Jobs, artifacts, expansion."""
        return (
            Port(self.port, self.flag, "jobs"),
            Port(self.port + 1, self.flag, "artifacts", for_clients=False),
            Port(self.port + 2, self.flag, "expansion", for_clients=False),
        )

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Make the class path, where it is not to be shipped; there, it also listens on loopback only."""
        if not self.ships_jars:
            _write_jar(folder / _EMPTY_JAR, {})
            write_loopback_class(folder / LOOPBACK_CLASSES, launch.jars)
            # By the slash at its end a folder is told from a jar.
            classes = f"{(folder / LOOPBACK_CLASSES).as_uri()}/"
            class_path = " ".join([classes, *(jar.as_uri() for jar in launch.jars)])
            _write_jar(folder / _AGENT_JAR, {**_AGENT, "Class-Path": class_path})

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options, the program and where it listens."""
        jobs, artifacts, expansion = (port.number for port in self.ports)
        return [
            *(str(launch.program), f"@{own_file('beam.options')}", f"-Xmx{self.memory}", mark),
            *([] if self.ships_jars else _hidden(folder)),
            *(f"-Djava.io.tmpdir={folder}", *self.java_options, self.program),
            *(f"--job-host={LOOPBACK}", f"--job-port={jobs}", f"--artifact-port={artifacts}"),
            *(f"--expansion-port={expansion}", f"--artifacts-dir={folder / 'artifacts'}", *self.arguments),
        ]

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when it takes jobs."""
        return grpc_answers(self.port)


def _hidden(folder: Path) -> list[str]:
    """The class path where a runner that ships it whole with every job does not look: behind that of an agent."""
    return ["-cp", str(folder / _EMPTY_JAR), f"-javaagent:{folder / _AGENT_JAR}"]


def _write_jar(file: Path, manifest: Mapping[str, str]) -> None:
    """A jar with a manifest alone."""
    lines = [f"{name}: {value}" for name, value in {"Manifest-Version": "1.0", **manifest}.items()]
    with ZipFile(file, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "".join(map(_folded, lines)))


def _folded(line: str) -> str:
    """A line of a manifest: of at most 72 bytes, what follows begins with a space."""
    first, rest = line[:70], line[70:]
    return "\r\n ".join([first, *(rest[start : start + 69] for start in range(0, len(rest), 69))]) + "\r\n"
