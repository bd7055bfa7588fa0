"""Late readings and dead letters: rows by position, of each of which the first arrival counts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.storage.cassandra.layout import RecordLayout
from pipelines.storage.cassandra.records import records, select_records
from pipelines.storage.cassandra.session import CassandraSession, Row
from pipelines.storage.cassandra.spans import Span, Spans
from pipelines.storage.cassandra.statements import delete_before, equal, select
from pipelines.storage.expiry import ARRIVAL

SPANS_AT_A_TIME = 16


@dataclass(frozen=True, slots=True)
class _Tally:
    """What is in one span.

    Attributes:
        changed: The state of the span that was counted.
        counts: Positions by what they are counted by.
        oldest: Arrival of the oldest, NaN when there is none [s].
    """

    changed: int
    counts: Counter[str]
    oldest: float


class Refused:
    """Reads, counts and deletes the rows of one of the two tables."""

    def __init__(self, session: CassandraSession, layout: RecordLayout, counted_by: str) -> None:
        """Of one opening of the store.

        Args:
            session: Where to ask.
            layout: Of the table; its record begins with the position.
            counted_by: A column of it.
        """
        keyspace, of_span = session.place.keyspace, equal(layout.partition)
        self._session, self._layout = session, layout
        self._spans = Spans(session, layout)
        self._all = select_records(keyspace, layout, of_span)
        self._keys = select(keyspace, layout, (*layout.table.key, ARRIVAL, counted_by), where=of_span)
        self._delete = delete_before(keyspace, layout, of_span)
        self._tallies: dict[tuple[str, int], _Tally] = {}
        self._lock = threading.Lock()

    def all(self) -> list[Any]:
        """Every one, in no order."""
        return self._in(self._spans.all())

    def of(self, name: str) -> list[Any]:
        """Those of one battery or partition, in no order."""
        return self._in(self._spans.of(name))

    def newest(self, limit: int, order: Callable[[Any], Any]) -> list[Any]:
        """The newest arrivals, by as few questions as will do.

        Args:
            limit: How many.
            order: Sorts them, the newest first.
        """
        spans = sorted(self._spans.all(), key=lambda span: -span.newest)
        found: list[Any] = []
        for start in range(0, len(spans), SPANS_AT_A_TIME):
            # Nothing in a span came in after it was changed last.
            if len(found) >= limit and found[-1].arrival_unix_second * 1e6 > spans[start].newest:
                break
            found.extend(self._in(spans[start : start + SPANS_AT_A_TIME]))
            found = sorted(found, key=order)[:limit]
        return found

    def counts(self) -> dict[str, int]:
        """How many there are of each kind. Only spans that have changed since the last time are looked at."""
        total: Counter[str] = Counter()
        for _, tally in self._tallied():
            total.update(tally.counts)
        return dict(total)

    def expire(self, before_unix_second: float, note: Callable[[Span], None]) -> int:
        """Delete what arrived before that; returns how many.

        Args:
            before_unix_second: UTC [s].
            note: Is told of each span that has changed.
        """
        old = [span for span, tally in self._tallied() if tally.oldest < before_unix_second]
        before = self._positions(old)
        # The write time of a row is its arrival: this deletes what is old in a span, and nothing that comes meanwhile.
        write_time = int(before_unix_second * 1e6) - 1
        self._session.ask_all((self._delete, (write_time, *span.key)) for span in old)
        after = self._positions(old)
        for span, left in zip(old, after, strict=True):
            if left:
                note(span)
        self._spans.forget(span for span, left in zip(old, after, strict=True) if not left)
        return sum(before) - sum(after)

    def _in(self, spans: Iterable[Span]) -> list[Any]:
        answers = self._session.ask_all((self._all, span.key) for span in spans)
        return [row for rows in answers for row in _first_arrivals(records(self._layout.table, rows))]

    def _positions(self, spans: Iterable[Span]) -> list[int]:
        """How many there are in each span."""
        answers = self._session.ask_all((self._keys, span.key) for span in spans)
        return [len(_first_arrivals(rows)) for rows in answers]

    def _tallied(self) -> list[tuple[Span, _Tally]]:
        with self._lock:
            spans = self._spans.all()
            changed = [span for span in spans if self._is_changed(span)]
            answers = self._session.ask_all((self._keys, span.key) for span in changed)
            self._tallies.update({span.key: _tally(span, rows) for span, rows in zip(changed, answers, strict=True)})
            self._tallies = {span.key: self._tallies[span.key] for span in spans}
            return [(span, self._tallies[span.key]) for span in spans]

    def _is_changed(self, span: Span) -> bool:
        known = self._tallies.get(span.key)
        return known is None or known.changed != span.changed


def _tally(span: Span, rows: Iterable[Row]) -> _Tally:
    first = _first_arrivals(rows)
    oldest = min((row[3] for row in first if row[3] == row[3]), default=float("nan"))
    return _Tally(span.changed, Counter(row[4] for row in first), oldest)


def _first_arrivals(rows: Iterable[Any]) -> list[Any]:
    """One row a position. Those of one position come by arrival."""
    found: dict[Any, Any] = {}
    for row in rows:
        found.setdefault(row[:3], row)
    return list(found.values())
