"""Servers of one folder: sets of nodes, each set a cluster, with their data."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.servers import lifecycle
from pipelines.servers.errors import ServerError
from pipelines.servers.kept import KeptSet, forget, keep, kept_set, new_set
from pipelines.servers.launch import launches
from pipelines.servers.node import Node, NodeStatus, refuse_ports_in_use
from pipelines.servers.process import ServerProcess
from pipelines.servers.server import Launches
from pipelines.servers.sets import servers_of
from pipelines.servers.settings import DEFAULTS, LOGIN_VARIABLES, KafkaSettings, Login, check_memory
from pipelines.servers.watch import Watch

SETS = tuple(DEFAULTS)
"""Names of all sets there can be."""


class Stack:
    """The servers of a folder.

    Args:
        data: The folder.
        cache: Folder of jars.
        login: The user who is made with the data of a Kafka with logins.
        watch: Told of what happens.
    """

    def __init__(self, data: Path, cache: Path, login: Login | None = None, watch: Watch | None = None) -> None:
        self._data = data.absolute()
        self._cache = cache.absolute()
        self._login = login
        self._watch = watch or Watch()
        self._processes: dict[str, ServerProcess] = {}

    def up(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        """Start what is down of some sets; returns when all of them answer.

        Args:
            wanted: By the name of the set, fields of its settings that are to be other than the last time.

        Raises:
            ServerError: Something is refused before anything starts, or a server has not come up.
        """
        sets = {name: self._agreed(name, changes) for name, changes in wanted.items()}
        nodes = [node for name, kept in sets.items() for node in self._nodes_of(name, kept)]
        down = [node for node in nodes if node.process.running() is None]
        refuse_ports_in_use(node.server for node in down)
        launch = self._launches(down)
        for name, kept in sets.items():
            keep(self._data, name, kept)
        self._watch.starting(down)
        lifecycle.start(down, launch)
        lifecycle.wait_until_ready(nodes, self._watch)

    def supply(self, names: Iterable[str]) -> None:
        """Fetch what these sets need before they can start; `up` does it by itself.

        Raises:
            ServerError: This machine can have no servers, with what to do.
        """
        self._launches(self.nodes(names))

    def down(self, names: Iterable[str]) -> None:
        """Stop sets; their data stay."""
        lifecycle.stop(self.nodes(names), self._watch)

    def wipe(self, names: Iterable[str]) -> None:
        """Stop sets, and throw their data and settings away."""
        names = list(names)
        nodes = self.nodes(names)
        lifecycle.stop(nodes, self._watch)
        for node in nodes:
            shutil.rmtree(node.process.folder, ignore_errors=True)
        for name in names:
            forget(self._data, name)

    def status(self, names: Iterable[str]) -> list[NodeStatus]:
        """How the nodes of some sets are."""
        return [node.status() for node in self.nodes(names)]

    def nodes(self, names: Iterable[str]) -> list[Node]:
        """The nodes of some sets, as they were started the last time."""
        return [node for name in names for node in self._nodes_of(name, self._last(name))]

    def node(self, name: str) -> Node:
        """The node of this name.

        Raises:
            ServerError: There is none.
        """
        nodes = {node.name: node for node in self.nodes(SETS)}
        if name not in nodes:
            message = f"{name}: there is no such node. Nodes are {', '.join(nodes)}."
            raise ServerError(message)
        return nodes[name]

    def _launches(self, nodes: Iterable[Node]) -> Launches:
        return launches((node.server for node in nodes), self._cache, self._watch)

    def _last(self, name: str) -> KeptSet:
        return kept_set(self._data, name) or new_set(DEFAULTS[name])

    def _agreed(self, name: str, changes: Mapping[str, Any]) -> KeptSet:
        has_data = kept_set(self._data, name) is not None
        last = self._last(name)
        settings = replace(last.settings, **changes)
        check_memory(name, settings)
        if settings != last.settings:
            self._refuse_while_up(name)
        if isinstance(settings, KafkaSettings) and settings.sasl and not (has_data or self._login):
            message = f"--kafka-sasl: set {' and '.join(LOGIN_VARIABLES)} to the user that is to be made."
            raise ServerError(message)
        return last.with_settings(name, settings) if has_data else new_set(settings)

    def _refuse_while_up(self, name: str) -> None:
        for node in self.nodes([name]):
            if node.process.running():
                message = f"{node.name} is up with other settings. Stop it first: chargetracker stack down {name}"
                raise ServerError(message)

    def _nodes_of(self, name: str, kept: KeptSet) -> list[Node]:
        return [Node(server, self._process(server.name)) for server in servers_of(name, kept, self._login)]

    def _process(self, node_name: str) -> ServerProcess:
        # Always the same one, because it waits for the process that it has started.
        return self._processes.setdefault(node_name, ServerProcess(self._data / node_name))
