"""What a bundle writes, as statements: rows of one partition together, so that a node takes them as one change.

A batch within one partition is no more than one write to Cassandra, whole and at once, even across tables; a batch
across partitions would be a burden, and there is none.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from cassandra.query import BatchStatement, BatchType, BoundStatement, Statement

from pipelines.storage.base import Bundle
from pipelines.storage.cassandra.layout import (
    CYCLES,
    LATES,
    LAYOUTS,
    LETTERS,
    NEW_CYCLES,
    NEW_STEPS,
    OCCUPIED,
    PACKED_CYCLES,
    POINTS,
    SLOTS,
    STEPS,
    Layout,
    RecordLayout,
    shard_of,
)
from pipelines.storage.cassandra.live import LiveWriter
from pipelines.storage.cassandra.open_points import OpenPoints
from pipelines.storage.cassandra.records import pack
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.shards import Shards
from pipelines.storage.cassandra.standing import new_number
from pipelines.storage.cassandra.statements import insert
from pipelines.storage.cassandra.words import values_in_words
from pipelines.storage.contents import contents
from pipelines.storage.row_check import refuse_wrong_rows
from schemas import BatteryRow, CycleRow, Status, TracePoint
from schemas.tables import CYCLE, STEP, Table

MAX_BATCH = 64
"""Rows of a batch: of snapshots, some hundred kilobytes."""
MAX_SPANS_REMEMBERED = 100_000
SHARED_WRITER = 0

PartitionKey = tuple[Any, ...]
Write = tuple[PartitionKey, list[BoundStatement]]
"""Which partition is written to, and what it has to take as one change."""

RUNNING: Status = "running"


class Writes(NamedTuple):
    """What is to be sent.

    Attributes:
        groups: One after the other, each only after all of those before have been taken.
        points: Trace points among the rows that have ended.
        newest_points: The others.
    """

    groups: tuple[list[Statement], ...]
    points: list[TracePoint]
    newest_points: list[TracePoint]


class Numbered(NamedTuple):
    """Cycles or steps of a bundle.

    Attributes:
        ended: Of the newest few of each battery, and older ones.
        new: Those of them that are among the newest few.
        running: One a battery at most. They change with every reading.
    """

    ended: list[Any]
    new: list[Any]
    running: list[Any]


class BundleWriter:
    """Makes statements of bundles, for one opening of the store."""

    def __init__(self, session: CassandraSession, shards: Shards) -> None:
        keyspace = session.place.keyspace
        self._session = session
        self._live = LiveWriter(session)
        self._open_points = OpenPoints(shards)
        self._insert = {layout: insert(keyspace, layout) for layout in LAYOUTS}
        self._writer = new_number()
        self._last_change = 0
        self._spans_of_points: set[tuple[str, int]] = set()

    def statements(self, bundle: Bundle) -> Writes:
        """Everything is checked before anything can be sent.

        Raises:
            StoreAwayError: The newest trace point of a battery had to be asked for, and was not answered.
            StoreError: A row is none of its table, or has a value that cannot be kept.
        """
        for table, of_table in contents(bundle):
            refuse_wrong_rows(self._session.url, table, of_table)
        with values_in_words(self._session.url):
            return self._checked(bundle)

    def forget(self) -> None:
        """The store was emptied."""
        self._spans_of_points.clear()
        self._open_points.forget()

    def changed(self, kind: str, name: str, span: int) -> BoundStatement:
        """Says that something is different in a span."""
        _, (statement,) = self._span(kind, name, span, self._writer, self._next_change())
        return statement

    def _checked(self, bundle: Bundle) -> Writes:
        points, newest_points = self._open_points.split(bundle.trace)
        cycles, steps = _sorted(CYCLE, bundle.cycles, bundle), _sorted(STEP, bundle.steps, bundle)
        live = self._live.statements(bundle.batteries, cycles.running, steps.running, newest_points, bundle.snapshots)
        rows = [
            *self._records(CYCLES, cycles.ended),
            *self._packed(cycles.ended),
            *self._new(NEW_CYCLES, cycles.new),
            *self._records(STEPS, steps.ended),
            *self._new(NEW_STEPS, steps.new),
            *self._records(POINTS, points),
            *self._records(LATES, bundle.late),
            *self._records(LETTERS, bundle.dead_letters),
        ]
        # Behind the rows: whoever finds a span changed has to find in it what changed. Behind both what says how far
        # the battery is.
        groups = _batches(rows), _batches(self._occupied(points, bundle)), _batches(live)
        return Writes(groups, points, newest_points)

    def _new(self, layout: Layout, rows: Iterable[Any]) -> Iterator[Write]:
        for row in rows:
            shard = shard_of(row.battery_id)
            values = (shard, row.battery_id, row[1] % SLOTS, pack(row), row.revision)
            yield (shard,), [self._session.bound(self._insert[layout], values)]

    def _packed(self, rows: Iterable[CycleRow]) -> Iterator[Write]:
        for row in rows:
            key = CYCLES.partition_of(row, CYCLES.part(row))
            values = (*key, row.cycle_number, pack(row), row.revision)
            yield key, [self._session.bound(self._insert[PACKED_CYCLES], values)]

    def _records(self, layout: RecordLayout, rows: Iterable[Any]) -> Iterator[Write]:
        text = self._insert[layout]
        for row in rows:
            part = layout.part(row)
            yield layout.partition_of(row, part), [self._session.bound(text, (part, *row, layout.write_time(row)))]

    def _occupied(self, points: Iterable[TracePoint], bundle: Bundle) -> Iterator[Write]:
        for name, span in {(row.battery_id, POINTS.part(row)) for row in points} - self._spans_of_points:
            yield self._span(POINTS.name, name, span, SHARED_WRITER, 0)
        for layout, rows in ((LATES, bundle.late), (LETTERS, bundle.dead_letters)):
            for name, span in {layout.partition_of(row, layout.part(row)) for row in rows}:
                yield self._span(layout.name, name, span, self._writer, self._next_change())

    def _span(self, kind: str, name: str, span: int, writer: int, change: int) -> Write:
        shard = shard_of(name)
        values = (kind, shard, name, span, writer, change, change)
        return (kind, shard), [self._session.bound(self._insert[OCCUPIED], values)]

    def _next_change(self) -> int:
        """Another number each time, also when the clock falls back [us]."""
        self._last_change = max(time.time_ns() // 1000, self._last_change + 1)
        return self._last_change

    def remember(self, writes: Writes) -> None:
        """These were taken: what they said once need not be said again."""
        if len(self._spans_of_points) > MAX_SPANS_REMEMBERED:
            self._spans_of_points.clear()
        self._spans_of_points.update((row.battery_id, POINTS.part(row)) for row in writes.points)
        self._open_points.remember(writes.newest_points)


def _sorted(table: Table, rows: Sequence[Any], bundle: Bundle) -> Numbered:
    """Cycles or steps by where they lie: what runs, when it is the battery's newest, lies beside its newest values."""
    newest = _newest_numbers(table, rows, bundle.batteries)
    running = [row for row in rows if row.status == RUNNING and row[1] == newest[row.battery_id]]
    keys = {row[:2] for row in running}
    ended = [row for row in rows if row[:2] not in keys]
    new = [row for row in ended if newest[row.battery_id] - SLOTS < row[1] <= newest[row.battery_id]]
    return Numbered(ended, new, running)


def _newest_numbers(table: Table, rows: Iterable[Any], batteries: Iterable[BatteryRow]) -> dict[str, int]:
    """Each battery's own number; where its row is not there, the highest of the rows."""
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.battery_id] = max(row[1], newest.get(row.battery_id, 0))
    number = table.key[1]
    return {**newest, **{row.battery_id: getattr(row, number) for row in batteries}}


def _batches(writes: Iterable[Write]) -> list[Statement]:
    by_partition: defaultdict[PartitionKey, list[list[BoundStatement]]] = defaultdict(lambda: [[]])
    for key, together in writes:
        batches = by_partition[key]
        if len(batches[-1]) + len(together) > MAX_BATCH:
            batches.append([])
        batches[-1] += together
    return [_batch(statements) for batches in by_partition.values() for statements in batches]


def _batch(statements: Sequence[BoundStatement]) -> Statement:
    if len(statements) == 1:
        return statements[0]
    batch = BatchStatement(BatchType.UNLOGGED)
    batch.is_idempotent = True
    for statement in statements:
        batch.add(statement)
    return batch
