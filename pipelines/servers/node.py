"""A server in its folder, with its process."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipelines.servers.certificate import public_part
from pipelines.servers.errors import ServerError
from pipelines.servers.process import ServerProcess
from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.server import Launch, Server


class State(StrEnum):
    """How a node is."""

    DOWN = "down"
    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"
    """It was ready in this start, and does not answer now."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """A node at a glance.

    Attributes:
        name: Of the node.
        state: How it is.
        version: Of the program.
        port: For clients.
        process_id: `None` when it is down.
        resident_bytes: Memory that it has; zero when it is down.
        data_bytes: What its folder holds.
        page: Address of its web page; empty when it has none.
    """

    name: str
    state: State
    version: str
    port: int
    process_id: int | None
    resident_bytes: int
    data_bytes: int
    page: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One server of a stack.

    Attributes:
        server: What it is.
        process: What runs of it, and its folder.
    """

    server: Server
    process: ServerProcess

    @property
    def name(self) -> str:
        """Of the server and of its folder."""
        return self.server.name

    @property
    def certificate(self) -> Path | None:
        """What clients are to trust, where the server has made a certificate."""
        file = public_part(self.process.folder)
        return file if file.exists() else None

    def start(self, launch: Launch) -> None:
        """Start it; `Server.prepare` was called before."""
        command = self.server.command(self.process.folder, launch, self.process.mark)
        self.process.start(command, launch.environment)

    def state(self) -> State:
        """Looked up now."""
        if self.process.running() is None:
            return State.DOWN
        if not self.process.has_said(self.server.started_words):
            return State.STARTING
        return State.READY if self.server.answers(self.process.folder) else State.SILENT

    def status(self) -> NodeStatus:
        """Looked up now."""
        process = self.process.running()
        return NodeStatus(
            name=self.name,
            state=self.state(),
            version=self.server.version,
            port=self.server.ports[0].number,
            process_id=process.pid if process else None,
            resident_bytes=process.memory_info().rss if process else 0,
            page=next((f"http://{LOOPBACK}:{port.number}" for port in self.server.ports if port.is_page), ""),
            data_bytes=sum(file.stat().st_size for file in self.process.folder.rglob("*") if file.is_file()),
        )


def refuse_ports_in_use(servers: Iterable[Server]) -> None:
    """Find out before anything is made.

    Raises:
        ServerError: Another program listens on a port, or two of these servers want the same one.
    """
    taken: dict[int, str] = {}
    for server in servers:
        for port in server.ports:
            trouble = f"{taken[port.number]} has it too" if port.number in taken else _trouble_with(port.number)
            if trouble:
                message = (
                    f"{server.name}: port {port.number}, for {port.use}, cannot be used ({trouble}). "
                    f"Choose another with {port.flag}, for example {port.flag} {_other_than(server.ports[0].number)}."
                )
                raise ServerError(message)
            taken[port.number] = server.name


def _trouble_with(port: int) -> str | None:
    with socket.socket() as probe:
        # As the servers do it: a port that was let go of a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return error.strerror or "refused"
        except OverflowError:
            return "ports end at 65535"
    return None


def _other_than(port: int) -> int:
    return port + 100 if port < 65000 else port - 100
