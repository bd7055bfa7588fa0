"""What servers need before they can start: a Java, and their jars on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from pipelines.servers.fetch import fetch, missing
from pipelines.servers.jar_list import pinned_jars
from pipelines.servers.java import find_java
from pipelines.servers.server import Launch, Server
from pipelines.servers.watch import Watch


def launches(servers: Iterable[Server], cache: Path, watch: Watch) -> dict[str, Launch]:
    """Find Java and bring the jars that are not there.

    Args:
        servers: Those that are to start.
        cache: Folder of jars.
        watch: Told of what is fetched.

    Returns:
        By the name of the list of jars.

    Raises:
        ServerError: There is no Java of a right version, or a jar cannot be had.
    """
    # Java first: without it nothing has to be fetched.
    javas = {server.jar_list: find_java(server.java_versions, server.java_wanted) for server in servers}
    jars = {name: pinned_jars(name) for name in javas}
    if wanted := missing(chain.from_iterable(jars.values()), cache):
        watch.fetching(wanted)
        fetch(wanted, cache, watch.fetched)
    return {name: Launch(java, tuple(cache / jar.path for jar in jars[name])) for name, java in javas.items()}
