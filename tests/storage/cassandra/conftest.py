"""A store in Cassandra, and what lies behind it."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipelines.storage import Store, StoreReader, open_reader, open_store
from pipelines.storage.cassandra.session import CassandraSession, connect
from pipelines.storage.url import parse_url


@pytest.fixture
def url(cassandra_url: str) -> str:
    return cassandra_url


@pytest.fixture
def opened() -> Iterator[Callable[..., Any]]:
    """Opens stores, and closes them when the test ends."""
    with contextlib.ExitStack() as all_of_them:

        def open_it(opener: Callable[..., Any], url: str, **options: bool) -> Any:
            return all_of_them.enter_context(contextlib.closing(opener(url, **options)))

        yield open_it


@pytest.fixture
def store(url: str, opened: Callable[..., Any]) -> Store:
    return opened(open_store, url)


@pytest.fixture
def another(url: str, store: Store, opened: Callable[..., Any]) -> Store:
    return opened(open_store, url)


@pytest.fixture
def reader(url: str, store: Store, opened: Callable[..., Any]) -> StoreReader:
    return opened(open_reader, url)


@pytest.fixture
def session(cassandra) -> Iterator[CassandraSession]:
    """To look behind the store."""
    opened = connect(parse_url(f"cassandra://{cassandra.address}/contract"))
    yield opened
    opened.close()


@pytest.fixture
def look(session: CassandraSession) -> Callable[[str], list[tuple[Any, ...]]]:
    return session.change


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Statements that were asked while the test ran."""
    asked: list[str] = []
    bound = CassandraSession.bound

    def noted(self: CassandraSession, text: str, values: Any) -> Any:
        asked.append(text)
        return bound(self, text, values)

    monkeypatch.setattr(CassandraSession, "bound", noted)
    return asked
