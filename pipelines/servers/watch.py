"""What happens to servers, for those who want to show it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.servers.jar_list import Jar
from pipelines.servers.node import Node


class Watch:
    """Told of each event in the thread that asked for the work; this one keeps it to itself."""

    def fetching(self, jars: Sequence[Jar]) -> None:
        """These jars are not on this machine and are fetched now."""

    def fetched(self, jar: Jar) -> None:
        """One of them has come."""

    def starting(self, nodes: Sequence[Node]) -> None:
        """These nodes are started now; what was up is not among them."""

    def ready(self, node: Node, second: float) -> None:
        """A node answers, so long after it was waited for [s]; also told of one that was up."""

    def stopped(self, node: Node, second: float, killed: bool) -> None:
        """A node has ended, so long after it was asked to [s]; killed when it did not by itself."""
