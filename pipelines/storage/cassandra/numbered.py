"""Cycles and steps: rows of a battery that are numbered from 1 on without a gap.

What runs lies beside the newest values of its battery, the newest few that have ended in shards too, and all ended
ones in the battery's own spans. Of a row that is in several places, the one with the highest revision counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipelines.storage.cassandra.layout import (
    BATTERIES,
    NEW_CYCLES,
    NEW_STEPS,
    PACKED_CYCLES,
    RUNNING_CYCLE,
    RUNNING_STEP,
    SPAN_OF_CYCLES,
    SPAN_OF_STEPS,
    STEPS,
    Layout,
)
from pipelines.storage.cassandra.records import records, unpacked
from pipelines.storage.cassandra.session import SCAN_SECOND, SCAN_WINDOW, CassandraSession, Question, Row
from pipelines.storage.cassandra.shards import Shards
from pipelines.storage.cassandra.statements import quoted, select, select_range
from schemas.tables import CYCLE, STEP, Table

PIECES = 64
"""How many questions read a whole table."""
FEW = 16
"""Up to so many batteries are asked for one by one; more take no more questions than this."""
_TOKENS = (*range(-(2**63), 2**63, 2**64 // PIECES), 2**63 - 1)
_ENDLESS = 2**62

Since = Mapping[str, int]
Newest = Mapping[str, int]
"""Each battery's own number: rows above it were undone by a reading that came out of order."""


@dataclass(frozen=True, slots=True)
class NumberedTable:
    """Where the rows of one record are.

    Attributes:
        table: The record.
        ended: Where those are that have ended.
        columns: What is read from there.
        made: Turns what was read into records.
        new: Where the newest few of those are.
        running: Column of the battery's row that has the one that runs.
        size: How many numbers a span has.
    """

    table: Table
    ended: Layout
    columns: tuple[str, ...]
    made: Callable[[Table, Iterable[Row]], list[Any]]
    new: Layout
    running: str
    size: int


CYCLE_ROWS = NumberedTable(CYCLE, PACKED_CYCLES, ("row",), unpacked, NEW_CYCLES, RUNNING_CYCLE, SPAN_OF_CYCLES)
STEP_ROWS = NumberedTable(STEP, STEPS, STEP.row._fields, records, NEW_STEPS, RUNNING_STEP, SPAN_OF_STEPS)


class Numbered:
    """Reads the rows of one record."""

    def __init__(self, session: CassandraSession, kept: NumberedTable, shards: Shards) -> None:
        keyspace = session.place.keyspace
        self._number = kept.table.key[1]
        number = quoted(self._number)
        of_span = f'"battery_id" = ? AND "span" = ? AND {number} >= ? AND {number} <= ?'
        self._session, self._kept, self._shards = session, kept, shards
        self._of_span = select(keyspace, kept.ended, kept.columns, where=of_span)
        self._range = select_range(keyspace, kept.ended, kept.columns)

    def all(self) -> list[Any]:
        """All rows that were not undone, by battery and number."""
        newest, new = self._new(None)
        answers = self._session.ask_all(
            ((self._range, bounds) for bounds in pairwise(_TOKENS)), window=SCAN_WINDOW, second=SCAN_SECOND
        )
        ended = [row for rows in answers for row in self._made(rows)]
        keys = {row[:2] for row in new}
        once = [row for row in ended if row[:2] not in keys]
        found = [*once, *_higher_revisions((row for row in ended if row[:2] in keys), new)]
        return sorted(row for row in found if row[1] <= newest.get(row[0], _ENDLESS))

    def since(self, since: Since) -> list[Any]:
        """Those of each battery from a number on, by battery and number.

        Of many batteries, a bounded number of questions finds those whose newest few rows are all that is asked for;
        only the others are asked for one by one.
        """
        asked = since if len(since) <= FEW else None
        newest, new = self._new(asked)
        wanted = [row for row in new if since.get(row[0], _ENDLESS) <= row[1] <= newest.get(row[0], _ENDLESS)]
        behind = _incomplete(since, newest, wanted)
        return sorted(_higher_revisions(wanted, self._ended(behind, newest)))

    def _new(self, battery_ids: Collection[str] | None) -> tuple[Newest, list[Any]]:
        """Of all batteries, or of these: their own numbers, and their newest rows."""
        battery = list(self._in_shards(BATTERIES, ("battery_id", self._number, self._kept.running), battery_ids))
        newest = {name: number for name, number, _ in battery if number is not None}
        ended = self._in_shards(self._kept.new, ("row",), battery_ids)
        found = [*unpacked(self._kept.table, battery), *unpacked(self._kept.table, ended)]
        return newest, list(_higher_revisions(found))

    def _in_shards(self, layout: Layout, columns: tuple[str, ...], names: Collection[str] | None) -> Iterable[Row]:
        if names is None:
            return self._shards.of_all(layout, columns)
        return self._shards.of_each(layout, columns, names)

    def _made(self, rows: Iterable[Row]) -> list[Any]:
        return self._kept.made(self._kept.table, rows)

    def _ended(self, since: Since, newest: Newest) -> list[Any]:
        known = {name: number for name, number in since.items() if name in newest}
        questions = [question for name, first in known.items() for question in self._spans(name, first, newest[name])]
        found = [row for rows in self._session.ask_all(questions) for row in self._made(rows)]
        return [*found, *self._of_strangers({name: since[name] for name in since if name not in newest})]

    def _spans(self, name: str, first: int, last: int) -> Iterable[Question]:
        for span in range(max(first, 0) // self._kept.size, last // self._kept.size + 1):
            yield self._of_span, (name, span, first, last)

    def _of_strangers(self, since: Since) -> list[Any]:
        """Rows of batteries that have no row of their own: span by span, until one is empty."""
        found: list[Any] = []
        left = {name: max(number, 0) // self._kept.size for name, number in since.items()}
        while left:
            asked = [(self._of_span, (name, span, since[name], _ENDLESS)) for name, span in left.items()]
            answers = self._session.ask_all(asked)
            found.extend(row for rows in answers for row in self._made(rows))
            left = {name: left[name] + 1 for name, rows in zip(tuple(left), answers, strict=True) if rows}
        return found


def _incomplete(since: Since, newest: Newest, rows: Iterable[Any]) -> Since:
    """Those batteries of which rows are missing, of the numbers from the one asked for to the newest."""
    missing = {name: newest[name] - max(first, 1) + 1 if name in newest else _ENDLESS for name, first in since.items()}
    for row in rows:
        missing[row[0]] -= 1
    return {name: since[name] for name, count in missing.items() if count > 0}


def _higher_revisions(*found: Iterable[Any]) -> Iterable[Any]:
    """Of each key, the row with the highest revision."""
    rows: dict[tuple[str, int], Any] = {}
    for row in (row for part in found for row in part):
        key = row[:2]
        other = rows.setdefault(key, row)
        if row.revision > other.revision:
            rows[key] = row
    return rows.values()
