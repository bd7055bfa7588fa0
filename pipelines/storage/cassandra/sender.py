"""Writes to a cluster that may be slow or away for a moment."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cassandra.query import Statement

from pipelines.storage.base import StoreAwayError, StoreError
from pipelines.storage.cassandra.session import WINDOW, CassandraSession
from pipelines.storage.cassandra.words import worded

Answer = TypeVar("Answer")

FIRST_PAUSE_SECOND = 0.1
LONGEST_PAUSE_SECOND = 2.0


def patiently(ask: Callable[[], Answer], until: float) -> Answer:
    """Ask again while the store is away, with growing pauses.

    Args:
        ask: May be called again: what it does twice is as if it were done once.
        until: When to give up, on the clock `time.monotonic`.

    Raises:
        StoreAwayError: It was away all the time.
    """
    pause = FIRST_PAUSE_SECOND
    while True:
        try:
            return ask()
        except StoreAwayError:
            if time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        pause = min(2.0 * pause, LONGEST_PAUSE_SECOND)


def send(session: CassandraSession, statements: Sequence[Statement], until: float) -> None:
    """Run all of them, a bounded number at a time, and wait for all; what was not taken is sent again.

    Args:
        session: Where to.
        statements: Idempotent ones, in any order.
        until: When to give up, on the clock `time.monotonic`.

    Raises:
        StoreAwayError: Some were not taken in time.
        StoreError: One was refused.
    """
    left = list(statements)

    def send_what_is_left() -> None:
        nonlocal left
        left, error = _once(session, left)
        if error is not None:
            raise error

    patiently(send_what_is_left, until)


def _once(session: CassandraSession, statements: Sequence[Statement]) -> tuple[list[Statement], StoreError | None]:
    """Those that have to be sent again, and why."""
    left: list[Statement] = []
    why: StoreError | None = None
    under_way: deque[tuple[Statement, Any]] = deque()

    def settle_oldest() -> None:
        nonlocal why
        sent, future = under_way.popleft()
        error = _error_of(session, future)
        if error is not None:
            left.append(sent)
            why = error

    for statement in statements:
        if len(under_way) >= WINDOW:
            settle_oldest()
        under_way.append((statement, session.send(statement)))
    while under_way:
        settle_oldest()
    return left, why


def _error_of(session: CassandraSession, future: Any) -> StoreError | None:
    """Why the statement has to be sent again, if it has to.

    Raises:
        StoreError: It would be refused again.
    """
    try:
        future.result()
    except Exception as error:
        found = worded(session.url, error)
        if not isinstance(found, StoreAwayError):
            raise found from error
        return found
    return None
