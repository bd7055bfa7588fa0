"""What ``chargetracker stack`` says while it works."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeElapsedColumn

from pipelines.servers import LOOPBACK, Jar, Node, NodeStatus, Watch

STATUS_COLUMNS = ("node", "state", "version", "port", "pid", "rss_mb", "data_mb", "page")
_BYTES_PER_MEGABYTE = 1e6


class StackDisplay(Watch):
    """A line for each node that answers or has ended; a bar while jars are fetched.

    Use as a context manager: whatever ends the block, the bar is taken away.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (BarColumn(), DownloadColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("jars", visible=False)

    def __enter__(self) -> StackDisplay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def fetching(self, jars: Sequence[Jar]) -> None:
        """Say how much it is; begin the bar."""
        total = sum(jar.byte_size for jar in jars)
        typer.echo(f"Fetching {len(jars)} jars, {total / _BYTES_PER_MEGABYTE:.0f} MB (once).", err=True)
        self._bar.start()
        self._bar.update(self._task, total=total, visible=True)

    def fetched(self, jar: Jar) -> None:
        """Move the bar on."""
        self._bar.advance(self._task, jar.byte_size)

    def starting(self, nodes: Sequence[Node]) -> None:
        """Name them, because the first answer takes a while."""
        self._bar.stop()
        if nodes:
            typer.echo(f"Starting {', '.join(node.name for node in nodes)}.", err=True)

    def ready(self, node: Node, second: float) -> None:
        """Where it answers, and after how long."""
        client, *others = node.server.ports
        typer.echo(f"{node.name}: ready after {second:.1f} s, at {LOOPBACK}:{client.number}")
        for port in others:
            if port.for_clients:
                typer.echo(f"{node.name}: {port.use}, at {LOOPBACK}:{port.number}")
        if node.certificate:
            typer.echo(f"{node.name}: clients that use TLS trust {node.certificate}")

    def stopped(self, node: Node, second: float, killed: bool) -> None:
        """How it ended, and after how long."""
        how = "killed, because it did not stop by itself," if killed else "stopped"
        typer.echo(f"{node.name}: {how} after {second:.1f} s")


def status_line(status: NodeStatus) -> list[str]:
    """A node in the columns of `STATUS_COLUMNS`."""
    up = status.process_id is not None
    return [
        *(status.name, status.state, status.version, str(status.port)),
        str(status.process_id) if up else "",
        _megabytes(status.resident_bytes) if up else "",
        _megabytes(status.data_bytes),
        status.page,
    ]


def _megabytes(count: int) -> str:
    return f"{count / _BYTES_PER_MEGABYTE:.0f}"
