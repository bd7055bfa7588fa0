"""Which kinds of store there are. Each opener imports its own libraries, so that nobody pays for the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.storage.base import Store, StoreError, StoreReader
from pipelines.storage.url import StoreUrl, parse_url


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of store.

    Attributes:
        form: How its URL is written, for people.
        open_store: Opens it for writing; true means that it may be made.
        open_reader: Opens its reading side.
    """

    form: str
    open_store: Callable[[StoreUrl, bool], Store]
    open_reader: Callable[[StoreUrl], StoreReader]


def _sqlite_store(url: StoreUrl, create: bool) -> Store:
    from pipelines.storage.sqlite import open_sqlite_store

    return open_sqlite_store(url, create)


def _sqlite_reader(url: StoreUrl) -> StoreReader:
    from pipelines.storage.sqlite_reader import open_sqlite_reader

    return open_sqlite_reader(url)


def _memory_store(url: StoreUrl, create: bool) -> Store:
    from pipelines.storage.memory import open_memory_store

    return open_memory_store(url, create)


def _memory_reader(url: StoreUrl) -> StoreReader:
    from pipelines.storage.memory import open_memory_store

    return open_memory_store(url, create=False)


SCHEMES = {
    "sqlite": Scheme("sqlite:///FILE", _sqlite_store, _sqlite_reader),
    "memory": Scheme("memory://NAME", _memory_store, _memory_reader),
}
"""By the word before ``://``."""


def open_store(url: str, *, create: bool = False) -> Store:
    """The store at ``url``, for reading and writing.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, or ``memory://NAME``, which lives as long as
            this process and is the same for everybody in it who uses the name: for tests.
        create: The store may be absent or of another version; `Store.init` or `Store.reset` has to follow.

    Raises:
        StoreError: It cannot be opened; the message says what to do.
    """
    parsed = parse_url(url)
    return _scheme(parsed).open_store(parsed, create)


def open_reader(url: str) -> StoreReader:
    """The reading side of the store at ``url`` (as in `open_store`), on a connection of its own.

    Raises:
        StoreError: It cannot be opened; the message says what to do.
    """
    parsed = parse_url(url)
    return _scheme(parsed).open_reader(parsed)


def _scheme(url: StoreUrl) -> Scheme:
    scheme = SCHEMES.get(url.scheme)
    if scheme is None:
        forms = " or ".join(known.form for known in SCHEMES.values())
        raise StoreError(f"there is no store {url.scheme}://: use {forms}.")
    return scheme
