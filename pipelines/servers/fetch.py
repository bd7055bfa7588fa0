"""Bring pinned jars into a cache: many at once, each checked before it counts as there."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.servers.errors import ServerError
from pipelines.servers.jar_list import Jar
from pipelines.servers.mirrors import MIRROR_VARIABLE, maven_repository, mirror

CACHE_VARIABLE = "CHARGETRACKER_CACHE"
AT_ONCE = 12
TRIES = 3
PAUSE_SECOND = 0.5
"""Before the second try; twice as long before each next one."""
ANSWERS_WITHIN_SECOND = 30

Download = Callable[[Jar, Path], Path]
"""Fetches a jar into an empty folder; the file that it has written."""
Fetched = Callable[[Jar], None]
"""Called for each jar when it is in the cache."""


def default_cache() -> Path:
    """The folder that the environment names, else one among the user's caches."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get(CACHE_VARIABLE) or caches / "chargetracker") / "jars"


def missing(jars: Iterable[Jar], cache: Path) -> list[Jar]:
    """Those that are not in the cache; a file gets its name there only after its checksum was right."""
    return [jar for jar in jars if _size(cache / jar.path) != jar.byte_size]


def fetch(jars: Sequence[Jar], cache: Path, fetched: Fetched, download: Download | None = None) -> None:
    """Bring jars into the cache, from this machine's Maven repository or over the network.

    Args:
        jars: What `missing` has found.
        cache: Made when it is not there; laid out as a Maven repository.
        fetched: Called in this thread.
        download: Where jars come from that are not on this machine; without it, a Maven repository of the network.

    Raises:
        ServerError: A jar cannot be had, or is not what was pinned.
    """
    cache.mkdir(parents=True, exist_ok=True)
    download = download or download_with_jgo
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(_bring, jar, cache, download): jar for jar in jars}
        try:
            for done in as_completed(waiting):
                done.result()
                fetched(waiting[done])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def download_with_jgo(jar: Jar, folder: Path) -> Path:
    """Let jgo fetch it, a Maven client that knows the public repository's address."""
    # Only now: most runs find all jars in the cache.
    from jgo.maven import MavenContext

    named = mirror()
    context = MavenContext(
        repo_cache=folder,
        local_repos=[],
        remote_repos={"mirror": named} if named else None,
        timeout=ANSWERS_WITHIN_SECOND,
    )
    file = context.resolver.download(context.create_dependency(jar.coordinate).artifact)
    assert file is not None
    return file


def _bring(jar: Jar, cache: Path, download: Download) -> None:
    with TemporaryDirectory(prefix="fetching-", dir=cache) as folder:
        copy = maven_repository() / jar.path
        if _size(copy) == jar.byte_size and _checksum(copy) == jar.sha256:
            file = Path(shutil.copy(copy, folder))
        else:
            file = _downloaded(jar, Path(folder), download)
        place = cache / jar.path
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)


def _downloaded(jar: Jar, folder: Path, download: Download) -> Path:
    for attempt in range(TRIES):
        try:
            # A folder a try: what a broken one has left is not looked at.
            file = download(jar, folder / str(attempt))
            break
        # Its kind depends on jgo's HTTP library, and its text can hold an address with a password.
        except Exception as error:
            if attempt + 1 == TRIES:
                raise ServerError(_unreachable(jar, error)) from error
            time.sleep(PAUSE_SECOND * 2**attempt)
    if _checksum(file) != jar.sha256:
        message = (
            f"{jar.coordinate}: what came is not what ChargeTracker was made with (its SHA-256 is another one), so it "
            f"is not used. If {MIRROR_VARIABLE} or Maven's settings name a mirror, look at that one first."
        )
        raise ServerError(message)
    return file


def _unreachable(jar: Jar, error: Exception) -> str:
    where = f"the mirror of {MIRROR_VARIABLE} or of Maven's settings" if mirror() else "the public Maven repository"
    return (
        f"{jar.coordinate}: could not be fetched from {where} ({type(error).__name__}). Check the network and try "
        f"again: what has been fetched is kept. Another repository: set {MIRROR_VARIABLE} to its address."
    )


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def _checksum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
