"""The stores that the contract is tested with. A new kind joins by a line in `KINDS`."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.storage import Store, StoreReader, open_reader, open_store
from pipelines.storage.cassandra.sender import patiently

URLS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder}/metrics.db",
    "memory": lambda folder: f"memory://{folder}",
}
"""By kind: the URL of a store that nobody else uses; ``folder`` is one that nobody else uses."""


KINDS = [*URLS, pytest.param("cassandra", marks=pytest.mark.servers)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("cassandra_url") if kind == "cassandra" else URLS[kind](tmp_path)


@pytest.fixture
def unmade_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a store that nobody has made."""
    if kind != "cassandra":
        return URLS[kind](tmp_path)
    return f"cassandra://{request.getfixturevalue('cassandra').address}/never_made"


@pytest.fixture(scope="session")
def cassandra_store(cassandra) -> Iterator[Store]:
    """A keyspace takes seconds to be made: all tests share one."""
    opened = open_store(f"cassandra://{cassandra.address}/contract", create=True)
    opened.init()
    yield opened
    opened.close()


@pytest.fixture
def cassandra_url(cassandra, cassandra_store: Store) -> str:
    """Of a store with nothing in it."""
    # A test before may have halted or killed the node: it answers again, and the store is about to notice.
    patiently(cassandra_store.reset, time.monotonic() + 30.0)
    return f"cassandra://{cassandra.address}/contract"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, create=True)
    opened.init()
    yield opened
    opened.close()


@pytest.fixture
def another(url: str, store: Store) -> Iterator[Store]:
    """A second writer of the same store."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def reader(url: str, store: Store) -> Iterator[StoreReader]:
    opened = open_reader(url)
    yield opened
    opened.close()
