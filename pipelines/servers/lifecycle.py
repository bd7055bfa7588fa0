"""Start nodes and wait until they answer; stop them and wait until they have ended."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from pipelines.servers.errors import ServerError
from pipelines.servers.node import Node, State
from pipelines.servers.server import Launches
from pipelines.servers.watch import Watch

READY_WITHIN_SECOND = 180.0
STOPPED_WITHIN_SECOND = 25.0
_LOOK_EVERY_SECOND = 0.1


def start(nodes: Sequence[Node], launches: Launches) -> None:
    """Start all of them at once.

    Args:
        nodes: None of them runs.
        launches: Of each of them.
    """

    def prepare(node: Node) -> None:
        node.process.folder.mkdir(parents=True, exist_ok=True)
        node.server.prepare(node.process.folder, launches[node.server.java])

    with ThreadPoolExecutor() as pool:
        list(pool.map(prepare, nodes))
    for node in nodes:
        node.start(launches[node.server.java])


def wait_until_ready(nodes: Sequence[Node], watch: Watch) -> None:
    """Return when all of them answer.

    Raises:
        ServerError: One has ended, or takes too long; with the end of its log. The others go on.
    """
    begin = time.monotonic()

    def is_ready(node: Node) -> bool:
        second = time.monotonic() - begin
        state = node.state()
        if state is State.READY:
            watch.ready(node, second)
        elif state is State.DOWN or second > READY_WITHIN_SECOND:
            raise ServerError(_not_up(node, state, second), node.process.last_lines())
        return state is State.READY

    _wait_for_all(nodes, is_ready)


def stop(nodes: Sequence[Node], watch: Watch) -> None:
    """Stop those that run; what does not end by itself is killed."""
    begin = time.monotonic()
    # All at once: stopped one by one, the last of three Kafka nodes has no quorum that it could leave.
    ending = {node.name: process for node in nodes if (process := node.process.send(signal.SIGTERM))}
    killed: set[str] = set()

    def has_ended(node: Node) -> bool:
        second = time.monotonic() - begin
        if node.process.has_ended(ending[node.name]):
            watch.stopped(node, second, node.name in killed)
            return True
        # One that was halted would not notice.
        node.process.send(signal.SIGCONT)
        if second > STOPPED_WITHIN_SECOND and node.process.send(signal.SIGKILL):
            killed.add(node.name)
        return False

    _wait_for_all([node for node in nodes if node.name in ending], has_ended)


def kill(node: Node) -> bool:
    """End a node at once, as a crash would; false when it was down."""
    process = node.process.send(signal.SIGKILL)
    if process:
        _wait_for_all([node], lambda each: each.process.has_ended(process))
    return process is not None


def _wait_for_all(nodes: Sequence[Node], is_done: Callable[[Node], bool]) -> None:
    waiting = list(nodes)
    while waiting := [node for node in waiting if not is_done(node)]:
        time.sleep(_LOOK_EVERY_SECOND)


def _not_up(node: Node, state: State, second: float) -> str:
    what = "has ended" if state is State.DOWN else f"does not answer after {second:.0f} s"
    return f"{node.name} {what}. What is wrong should be at the end of {node.process.log}:"
