"""What changes with every reading, as statements: one row a battery, and its snapshot with it.

Both lie in one partition with those of the other batteries of the shard: a batch of them is no more than one write to
Cassandra, and a battery's two are taken together or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cassandra.query import BoundStatement

from pipelines.storage.cassandra.layout import (
    BATTERIES,
    NEWEST_POINT,
    RUNNING_CYCLE,
    RUNNING_STEP,
    SNAPSHOTS,
    shard_of,
)
from pipelines.storage.cassandra.records import pack
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.statements import insert
from schemas import BatteryRow, CycleRow, Snapshot, StepRow, TracePoint
from schemas.tables import BATTERY

_KEY = ("shard", "battery_id")
_NEWEST = BATTERY.row._fields[1:]

Columns = tuple[str, ...]
Together = tuple[tuple[int], list[BoundStatement]]
"""A partition, and what it is to take in one change."""


class LiveWriter:
    """Makes the statements."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session
        self._keyspace = session.place.keyspace
        self._texts: dict[Columns, str] = {}
        self._insert_snapshot = insert(self._keyspace, SNAPSHOTS)

    def statements(
        self,
        batteries: Iterable[BatteryRow],
        cycles: Iterable[CycleRow],
        steps: Iterable[StepRow],
        points: Iterable[TracePoint],
        snapshots: Iterable[Snapshot],
    ) -> Iterator[Together]:
        """What belongs to one battery comes together.

        Args:
            batteries: At most one of each battery, as all others.
            cycles: Those that run.
            steps: Those that run.
            points: The newest.
            snapshots: Behind all rows that are not here.
        """
        found: defaultdict[str, list[BoundStatement]] = defaultdict(list)
        for (name, revision), values in _cells(batteries, cycles, steps, points).items():
            found[name].append(self._row(name, revision, values))
        for snapshot in snapshots:
            bound = (shard_of(snapshot.battery_id), *snapshot, snapshot.revision)
            found[snapshot.battery_id].append(self._session.bound(self._insert_snapshot, bound))
        for name, statements in found.items():
            yield (shard_of(name),), statements

    def _row(self, name: str, revision: int, values: dict[Columns, Sequence[Any]]) -> BoundStatement:
        columns = (*_KEY, *(column for names in values for column in names))
        bound = (shard_of(name), name, *(value for of_names in values.values() for value in of_names), revision)
        return self._session.bound(self._text(columns), bound)

    def _text(self, columns: Columns) -> str:
        if columns not in self._texts:
            self._texts[columns] = insert(self._keyspace, BATTERIES, columns)
        return self._texts[columns]


def _cells(
    batteries: Iterable[BatteryRow],
    cycles: Iterable[CycleRow],
    steps: Iterable[StepRow],
    points: Iterable[TracePoint],
) -> dict[tuple[str, int], dict[Columns, Sequence[Any]]]:
    """By battery and revision, because a row is written under one: columns and their values."""
    found: defaultdict[tuple[str, int], dict[Columns, Sequence[Any]]] = defaultdict(dict)
    for battery in batteries:
        found[battery.battery_id, battery.revision][_NEWEST] = battery[1:]
    for column, rows in ((RUNNING_CYCLE, cycles), (RUNNING_STEP, steps), (NEWEST_POINT, points)):
        for row in rows:
            found[row.battery_id, row.revision][(column,)] = (pack(row),)
    return found
