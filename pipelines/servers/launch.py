"""What servers need before they can start: a Java, and their jars on this machine; a Python is there."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from pipelines.servers.fetch import fetch, missing
from pipelines.servers.jar_list import pinned_jars
from pipelines.servers.java import find_java
from pipelines.servers.server import JavaProgram, Launch, Launches, Server
from pipelines.servers.watch import Watch


def launches(servers: Iterable[Server], cache: Path, watch: Watch) -> Launches:
    """Find Java and bring the jars that are not there.

    Args:
        servers: Those that are to start.
        cache: Folder of jars.
        watch: Told of what is fetched.

    Raises:
        ServerError: There is no Java of a right version, or a jar cannot be had.
    """
    # Java first: without it nothing has to be fetched.
    programs = {server.java for server in servers}
    javas = {each: find_java(each.versions, each.wanted) for each in programs if each}
    jars = {each: pinned_jars(each.jar_list) for each in javas}
    if wanted := missing(chain.from_iterable(jars.values()), cache):
        watch.fetching(wanted)
        fetch(wanted, cache, watch.fetched)
    found: dict[JavaProgram | None, Launch] = {
        each: Launch(java, tuple(cache / jar.path for jar in jars[each])) for each, java in javas.items()
    }
    return {**found, None: Launch(Path(sys.executable))}
