"""The store in memory, for tests: the same promises as any other, as long as the process lives.

A name is one store: whoever opens ``memory://NAME`` in this process sees the same rows.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

from pipelines.storage.base import Bundle, StoreError, Totals
from pipelines.storage.contents import contents
from pipelines.storage.expiry import refuse_lasting
from pipelines.storage.order import by_battery_and_time, newest_first, unknown_first
from pipelines.storage.row_check import refuse_wrong_rows
from pipelines.storage.url import StoreUrl
from pipelines.storage.versions import refuse_newer_version
from schemas import BatteryRow, CommittedOffset, CycleRow, DeadLetter, LateReading, Snapshot, StepRow, TracePoint
from schemas.tables import BATTERY, CYCLE, DEAD_LETTER, LATE, SCHEMA_VERSION, SNAPSHOT, STEP, TABLES, TRACE, Table

Rows = dict[tuple[Any, ...], Any]
"""Rows of a table by their key."""


@dataclass(slots=True)
class _Kept:
    """What is kept under one name.

    Attributes:
        lock: Held by whoever reads or changes the rest.
        tables: By table name; empty before `Store.init`.
        epoch: The newest.
        committed: By partition.
        made: Another number after each `Store.reset`.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    tables: dict[str, Rows] = field(default_factory=dict)
    epoch: int = 0
    committed: dict[str, CommittedOffset] = field(default_factory=dict)
    made: int = 0


_stores: dict[str, _Kept] = {}


class MemoryStore:
    """One opening of a store in memory."""

    def __init__(self, url: StoreUrl, kept: _Kept) -> None:
        self._url = url
        self._kept = kept
        self._made = kept.made

    def init(self) -> None:
        """Make the tables; does nothing when they are there."""
        with self._kept.lock:
            if not self._kept.tables:
                self.reset()

    def reset(self) -> None:
        """Throw everything away and make the tables anew."""
        with self._kept.lock:
            self._kept.tables = {table.name: {} for table in TABLES}
            self._kept.epoch, self._kept.committed = 0, {}
            self._kept.made = self._made = secrets.randbits(62)

    def migrate(self) -> int:
        """Nothing to do: what is kept here was made by this program.

        Raises:
            StoreError: There are no tables.
        """
        refuse_newer_version(SCHEMA_VERSION if self._kept.tables else None, self._url)
        return SCHEMA_VERSION

    def cautions(self) -> list[str]:
        """That it is lost when the process ends."""
        return [f"{self._url} is lost when this process ends."]

    def close(self) -> None:
        """Nothing to let go of: what is kept stays for the next who opens the name."""

    def batteries(self) -> list[BatteryRow]:
        """All batteries, by identifier."""
        return self._sorted(BATTERY)

    def cycles(self, since: Mapping[str, int] | None = None) -> list[CycleRow]:
        """Cycles by battery and number: all, or of each battery in ``since`` those from that number on."""
        return self._numbered(CYCLE, since)

    def steps(self, since: Mapping[str, int] | None = None) -> list[StepRow]:
        """Steps by battery and number, chosen as in `cycles`."""
        return self._numbered(STEP, since)

    def trace(self, battery_id: str, after_second: float = float("-inf")) -> list[TracePoint]:
        """The battery's trace points with ``time_second`` over ``after_second``, by time."""
        points = [p for p in self._rows(TRACE) if p.battery_id == battery_id and p.time_second > after_second]
        return sorted(points, key=lambda point: (point.time_second, point.bucket))

    def late(self, battery_id: str | None = None) -> list[LateReading]:
        """Late readings by battery and time."""
        found = [row for row in self._rows(LATE) if battery_id in (None, row.battery_id)]
        return sorted(found, key=by_battery_and_time)

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        """Dead letters, the newest arrival first."""
        newest = sorted(self._rows(DEAD_LETTER), key=newest_first)
        return newest[:limit]

    def dead_letter_counts(self) -> dict[str, int]:
        """How many dead letters there are for each reason."""
        return dict(Counter(row.reason for row in self._rows(DEAD_LETTER)))

    def totals(self) -> Totals:
        """Counts, from the rows of the batteries."""
        rows: Sequence[BatteryRow] = self._rows(BATTERY)
        return Totals(
            len(rows),
            sum(max(row.cycle_number, 0) for row in rows),
            sum(row.reading_count for row in rows),
            sum(row.duplicate_count for row in rows),
            sum(row.late_count for row in rows),
            len(self._rows(DEAD_LETTER)),
            max((unknown_first(row.last_arrival_unix_second) for row in rows), default=nan),
        )

    def take_epoch(self, now_unix_second: float) -> int:
        """A new epoch [us], higher than every one before; the committed offsets are carried over into it."""
        with self._kept.lock:
            kept = self._kept
            self._made = kept.made
            kept.epoch = max(int(now_unix_second * 1e6), kept.epoch + 1)
            kept.committed = {name: row._replace(epoch=kept.epoch) for name, row in kept.committed.items()}
            return kept.epoch

    def newest_epoch(self) -> int:
        """The epoch taken last; 0 when none was."""
        return self._kept.epoch

    def committed(self) -> dict[str, CommittedOffset]:
        """Committed offset of each partition."""
        return dict(self._kept.committed)

    def commit(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Move committed offsets forward; false, and nothing done, when a newer epoch was taken."""
        return self._set_offsets(epoch, offsets, lambda before, offset: before is None or offset > before.offset)

    def rewind(self, epoch: int, offsets: Mapping[str, int]) -> bool:
        """Set committed offsets, backward too; false as in `commit`."""
        return self._set_offsets(epoch, offsets, lambda _before, _offset: True)

    def snapshots(self, battery_ids: Iterable[str]) -> dict[str, Snapshot]:
        """Snapshots of those of the batteries that have one."""
        wanted = frozenset(battery_ids)
        return {row.battery_id: row for row in self._rows(SNAPSHOT) if row.battery_id in wanted}

    def write(self, bundle: Bundle) -> None:
        """Everything in the bundle, or nothing.

        Raises:
            StoreError: A row is not one of its table; or the store was reset since it was opened.
        """
        for table, rows in contents(bundle):
            refuse_wrong_rows(self._url, table, rows)
        with self._kept.lock:
            self._refuse_reset()
            for table, rows in contents(bundle):
                _upsert(table, self._kept.tables[table.name], rows)

    def expire_trace(self, keep_second: float) -> int:
        """Delete trace points that lie further behind their battery's newest reading."""
        newest = {battery.battery_id: battery.time_second for battery in self.batteries()}
        return self._delete(TRACE, lambda row: row.time_second < newest.get(row.battery_id, nan) - keep_second)

    def expire(self, table: str, before_unix_second: float) -> int:
        """Delete ``late`` or ``dead_letter`` rows that arrived before that."""
        refuse_lasting(table)
        expiring = next(known for known in TABLES if known.name == table)
        return self._delete(expiring, lambda row: row.arrival_unix_second < before_unix_second)

    def _delete(self, table: Table, old: Callable[[Any], bool]) -> int:
        with self._kept.lock:
            rows = self._kept.tables[table.name]
            gone = [key for key, row in rows.items() if old(row)]
            for key in gone:
                del rows[key]
        return len(gone)

    def _rows(self, table: Table) -> list[Any]:
        with self._kept.lock:
            return list(self._kept.tables[table.name].values())

    def _sorted(self, table: Table) -> list[Any]:
        return sorted(self._rows(table), key=lambda row: _key(table, row))

    def _numbered(self, table: Table, since: Mapping[str, int] | None) -> list[Any]:
        number = table.key[1]
        newest = {battery.battery_id: getattr(battery, number) for battery in self.batteries()}
        rows = [row for row in self._sorted(table) if row[1] <= newest.get(row[0], row[1])]
        if since is None:
            return rows
        return [row for row in rows if row[0] in since and row[1] >= since[row[0]]]

    def _set_offsets(
        self, epoch: int, offsets: Mapping[str, int], moves: Callable[[CommittedOffset | None, int], bool]
    ) -> bool:
        with self._kept.lock:
            self._refuse_reset()
            if epoch < self._kept.epoch:
                return False
            for partition, offset in offsets.items():
                if moves(self._kept.committed.get(partition), offset):
                    self._kept.committed[partition] = CommittedOffset(partition, offset, epoch)
        return True

    def _refuse_reset(self) -> None:
        self._made = self._made or self._kept.made
        if self._made != self._kept.made:
            raise StoreError(f"{self._url} was reset while it was written to: start the run again.")


def _upsert(table: Table, kept: Rows, rows: Sequence[Any]) -> None:
    for row in rows:
        key = _key(table, row)
        if key not in kept or (table.guarded and row.revision > kept[key].revision):
            kept[key] = row


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in table.key)


def open_memory_store(url: StoreUrl, create: bool) -> MemoryStore:
    """The store of that name in this process.

    Raises:
        StoreError: Nobody has made one of that name.
    """
    if create:
        return MemoryStore(url, _stores.setdefault(url.rest, _Kept()))
    kept = _stores.get(url.rest)
    if kept is None or not kept.tables:
        raise StoreError(f"there is no store {url} in this process: make it with open_store(..., create=True).init().")
    return MemoryStore(url, kept)
