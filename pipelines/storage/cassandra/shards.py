"""What is read of all batteries at once: a question a shard, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import nan
from typing import NamedTuple

from pipelines.storage.cassandra.layout import BATTERIES, SHARDS, SNAPSHOTS, Layout, shard_of
from pipelines.storage.cassandra.records import records, select_records
from pipelines.storage.cassandra.session import CassandraSession, Row
from pipelines.storage.cassandra.statements import equal, select
from schemas import BatteryRow, Snapshot
from schemas.tables import BATTERY, SNAPSHOT

_IN_SHARD = equal(("shard",))
_OF_BATTERY = equal(("shard", "battery_id"))
_COUNTS = ("cycle_number", "reading_count", "duplicate_count", "late_count", "last_arrival_unix_second")


class Counts(NamedTuple):
    """Sums over all batteries."""

    batteries: int
    cycles: int
    readings: int
    duplicates: int
    late: int
    newest_arrival_unix_second: float


class Shards:
    """Reads the tables that lie in shards."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session
        self._keyspace = session.place.keyspace

    def batteries(self) -> list[BatteryRow]:
        """All of them, by identifier."""
        return sorted(records(BATTERY, _written(self._of_all(select_records(self._keyspace, BATTERIES, _IN_SHARD)))))

    def counts(self) -> Counts:
        """Of all batteries together."""
        rows = list(self.newest(_COUNTS))
        cycles, readings, duplicates, late, arrivals = zip(*rows, strict=True) if rows else ((),) * 5
        newest = max((second for second in arrivals if second == second), default=nan)
        return Counts(
            len(rows), sum(max(number, 0) for number in cycles), sum(readings), sum(duplicates), sum(late), newest
        )

    def snapshots(self, battery_ids: Iterable[str]) -> dict[str, Snapshot]:
        """Of those of the batteries that have one."""
        text = select_records(self._keyspace, SNAPSHOTS, _OF_BATTERY)
        return {row.battery_id: row for row in records(SNAPSHOT, self._of_each(text, set(battery_ids)))}

    def newest(self, columns: tuple[str, ...]) -> Iterator[Row]:
        """Some of the newest values of all batteries."""
        return _written(self.of_all(BATTERIES, columns))

    def of_all(self, layout: Layout, columns: tuple[str, ...]) -> Iterator[Row]:
        """Columns of all rows of a table."""
        return self._of_all(select(self._keyspace, layout, columns, where=_IN_SHARD))

    def of_each(self, layout: Layout, columns: tuple[str, ...], battery_ids: Iterable[str]) -> Iterator[Row]:
        """Columns of the rows of these batteries, each of which takes a question."""
        return self._of_each(select(self._keyspace, layout, columns, where=_OF_BATTERY), battery_ids)

    def _of_all(self, text: str) -> Iterator[Row]:
        answers = self._session.ask_all((text, (shard,)) for shard in range(SHARDS))
        return (row for rows in answers for row in rows)

    def _of_each(self, text: str, battery_ids: Iterable[str]) -> Iterator[Row]:
        answers = self._session.ask_all((text, (shard_of(name), name)) for name in battery_ids)
        return (row for rows in answers for row in rows)


def _written(rows: Iterable[Row]) -> Iterator[Row]:
    """Of rows of batteries, those that are more than what lies beside the newest values."""
    return (row for row in rows if row[-1] is not None)
