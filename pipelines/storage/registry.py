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
        settings: What its URL may set behind a question mark.
    """

    form: str
    open_store: Callable[[StoreUrl, bool], Store]
    open_reader: Callable[[StoreUrl], StoreReader]
    settings: tuple[str, ...] = ()


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


def _cassandra_store(url: StoreUrl, create: bool) -> Store:
    from pipelines.storage.cassandra.store import open_cassandra_store

    return open_cassandra_store(url, create)


def _cassandra_reader(url: StoreUrl) -> StoreReader:
    from pipelines.storage.cassandra.reader import open_cassandra_reader

    return open_cassandra_reader(url)


SCHEMES = {
    "sqlite": Scheme("sqlite:///FILE", _sqlite_store, _sqlite_reader),
    "cassandra": Scheme(
        "cassandra://HOST/KEYSPACE",
        _cassandra_store,
        _cassandra_reader,
        ("replication", "datacenter", "consistency", "patience_second"),
    ),
    "memory": Scheme("memory://NAME", _memory_store, _memory_reader),
}
"""By the word before ``://``."""


def open_store(url: str, *, create: bool = False) -> Store:
    """The store at ``url``, for reading and writing.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``cassandra://HOST[:PORT][,HOST...]/KEYSPACE``,
            or ``memory://NAME``, which lives as long as this process and is the same for everybody in it who uses
            the name: for tests.
        create: The store may be absent or of another version; `Store.init` or `Store.reset` has to follow.

    Raises:
        StoreAwayError: It does not answer now.
        StoreError: It cannot be opened; the message says what to do.
    """
    parsed = parse_url(url)
    return _scheme(parsed).open_store(parsed, create)


def open_reader(url: str) -> StoreReader:
    """The reading side of the store at ``url`` (as in `open_store`), on a connection of its own.

    Raises:
        StoreAwayError: It does not answer now.
        StoreError: It cannot be opened; the message says what to do.
    """
    parsed = parse_url(url)
    return _scheme(parsed).open_reader(parsed)


def _scheme(url: StoreUrl) -> Scheme:
    scheme = SCHEMES.get(url.scheme)
    if scheme is None:
        forms = " or ".join(known.form for known in SCHEMES.values())
        raise StoreError(f"there is no store {url.scheme}://: use {forms}.")
    _refuse_unknown_settings(url, scheme.settings)
    return scheme


def _refuse_unknown_settings(url: StoreUrl, known: tuple[str, ...]) -> None:
    """The message does not repeat a value: it may be a password that belongs elsewhere."""
    names = [name for name, _ in url.settings]
    if names and not known:
        raise StoreError(f"a {url.scheme} URL has no settings: leave out everything from the question mark on.")
    wrong = next((name for name in names if name not in known or names.count(name) > 1), None)
    if wrong is not None:
        raise StoreError(f"a {url.scheme} URL sets {' and '.join(known)}, each once: take out {wrong!r}.")
