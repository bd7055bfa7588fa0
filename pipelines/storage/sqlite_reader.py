"""The reading side of a SQLite store."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import nan
from typing import Any, TypeVar

from pipelines.storage.base import Totals
from pipelines.storage.sqlite_file import connect, file_of, in_words, version_in
from pipelines.storage.sqlite_statements import DEAD_LETTER_COUNTS, NEWEST_DEAD_LETTERS, TOTALS, quoted, select
from pipelines.storage.url import StoreUrl
from pipelines.storage.versions import refuse_other_version
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, StepRow, TracePoint
from schemas.tables import BATTERY, CYCLE, LATE, STEP, TRACE, Table

Row = TypeVar("Row")

_BATTERIES = select(BATTERY, "ORDER BY battery_id")
_TRACE = select(TRACE, "WHERE battery_id = ? AND time_second > ? ORDER BY time_second, bucket")
_BY_TIME = 'ORDER BY battery_id, time_second, partition, "offset", reading_index'
_LATE = select(LATE, _BY_TIME)
_LATE_OF = select(LATE, f"WHERE battery_id = ? {_BY_TIME}")
_NO_LIMIT = -1


class SqliteReader:
    """Reads a store. Every call sees one committed state of it, and keeps no read open when it returns."""

    def __init__(self, url: StoreUrl, connection: sqlite3.Connection) -> None:
        self._url = url
        self._connection = connection
        self._lock = threading.RLock()

    def batteries(self) -> list[BatteryRow]:
        """All batteries, by identifier."""
        return self._read(BatteryRow._make, _BATTERIES)

    def cycles(self, since: Mapping[str, int] | None = None) -> list[CycleRow]:
        """Cycles by battery and number: all, or of each battery in ``since`` those from that number on."""
        return self._numbered(CYCLE, CycleRow._make, since)

    def steps(self, since: Mapping[str, int] | None = None) -> list[StepRow]:
        """Steps by battery and number, chosen as in `cycles`."""
        return self._numbered(STEP, StepRow._make, since)

    def trace(self, battery_id: str, after_second: float = float("-inf")) -> list[TracePoint]:
        """The battery's trace points with ``time_second`` over ``after_second``, by time."""
        return self._read(TracePoint._make, _TRACE, [(battery_id, after_second)])

    def late(self, battery_id: str | None = None) -> list[LateReading]:
        """Late readings by battery and time."""
        if battery_id is None:
            return self._read(LateReading._make, _LATE)
        return self._read(LateReading._make, _LATE_OF, [(battery_id,)])

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        """Dead letters, the newest arrival first."""
        return self._read(DeadLetter._make, NEWEST_DEAD_LETTERS, [(_NO_LIMIT if limit is None else limit,)])

    def dead_letter_counts(self) -> dict[str, int]:
        """How many dead letters there are for each reason."""
        return dict(self._read(tuple, DEAD_LETTER_COUNTS))

    def totals(self) -> Totals:
        """Counts, from the rows of the batteries; a few hundredths of a millisecond for each hundred of them."""
        return self._read(lambda row: Totals(*row), TOTALS)[0]

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._connection.close()

    def _numbered(
        self, table: Table, make: Callable[[Iterable[Any]], Row], since: Mapping[str, int] | None
    ) -> list[Row]:
        battery_id, number = map(quoted, table.key)
        # Rows above the battery's own number were undone by a reading that came out of order.
        newest = f"(SELECT b.{number} FROM battery AS b WHERE b.battery_id = {quoted(table.name)}.battery_id)"  # noqa: S608
        rest = f"{number} <= coalesce({newest}, {number}) ORDER BY {battery_id}, {number}"
        if since is None:
            return self._read(make, select(table, f"WHERE {rest}"))
        chosen = select(table, f"WHERE {battery_id} = ? AND {number} >= ? AND {rest}")
        return self._read(make, chosen, sorted(since.items()))

    def _read(
        self, make: Callable[[Iterable[Any]], Row], statement: str, choices: Iterable[tuple[Any, ...]] = ((),)
    ) -> list[Row]:
        """The rows that ``statement`` finds for each of the ``choices`` of its values, in one state of the store."""
        with self._one_state() as connection:
            found = [row for values in choices for row in connection.execute(statement, values)]
        return [make(row if None not in row else [nan if value is None else value for value in row]) for row in found]

    @contextmanager
    def _one_state(self) -> Iterator[sqlite3.Connection]:
        with self._lock, in_words(self._url):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.rollback()


def open_sqlite_reader(url: StoreUrl) -> SqliteReader:
    """The reading side of the store in the file, on a connection that cannot write.

    Raises:
        StoreError: There is no store of this version; the message says what to do.
    """
    file = file_of(url, create=False)
    with in_words(url):
        connection = connect(file, "ro")
        try:
            refuse_other_version(version_in(connection, url), url)
        except BaseException:
            connection.close()
            raise
    return SqliteReader(url, connection)
