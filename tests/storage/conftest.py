"""The stores that the contract is tested with. A new kind joins by a line in `URLS`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.storage import Store, StoreReader, open_reader, open_store

URLS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder}/metrics.db",
    "memory": lambda folder: f"memory://{folder}",
}
"""By kind: the URL of a store that nobody else uses; ``folder`` is one that nobody else uses."""


@pytest.fixture(params=list(URLS))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return URLS[request.param](tmp_path)


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
