"""How each table lies in Cassandra: what shares a partition, in which order, under which write time.

A partition stays bounded however large the lab and however long it runs:

* A battery's cycles, steps, trace points and late readings lie in spans of consecutive numbers.
* What the page asks for of all batteries at once (newest values, newest cycles) and snapshots lie in `SHARDS` shards,
  each row of which is replaced again and again. What changes with every reading is one row of a battery there, and its
  snapshot beside it: a node takes both in one change, with those of the other batteries of the shard.
* Dead letters lie in spans of offsets. Where late readings and dead letters are is kept in `OCCUPIED`.

The write time of a row is what decides between two writes of it: its revision, so that an older one never wins. What
goes into time windows carries the time it came in or was measured instead [us].
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.tables import BATTERY, COMMITTED, CYCLE, DEAD_LETTER, LATE, SNAPSHOT, STEP, TRACE, ColumnType, Table

SHARDS = 16
SPAN_OF_CYCLES = 512
SPAN_OF_STEPS = 1024
SPAN_OF_POINTS = 4096
SPAN_OF_OFFSETS = 8192
SLOTS = 4
"""How many newest cycles and steps of each battery, of those that have ended, lie where those of all batteries do."""
_NEVER = 2**62
"""Write time of what has no age: it is never thrown away for it."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How one table is kept.

    Attributes:
        name: Of the table.
        columns: By name, in the order in which they are written: a record's own behind that of its part.
        partition: Columns whose values together choose the partition.
        clustering: Columns that choose and order the rows within it.
        windows: True when old rows are thrown away by their age: compaction then keeps them apart by write time.
    """

    name: str
    columns: dict[str, ColumnType]
    partition: tuple[str, ...]
    clustering: tuple[str, ...]
    windows: bool


@dataclass(frozen=True, slots=True, eq=False)
class RecordLayout(Layout):
    """How the rows of one record are kept.

    Attributes:
        table: The record and what it promises.
        part: Value of the column in front of the record's own: the number of the shard or span.
        write_time: What decides between two writes of one row.
        partition_of: Values of the columns ``partition``, of a row and its part.
    """

    table: Table
    part: Callable[[Any], int]
    write_time: Callable[[Any], int]
    partition_of: Callable[[Any, int], tuple[Any, ...]]


def shard_of(name: str) -> int:
    """The same on every machine and in every process."""
    return crc32(name.encode()) % SHARDS


def _record(
    table: Table,
    part: tuple[str, Callable[[Any], int]],
    partition: tuple[str, ...],
    clustering: tuple[str, ...],
    write_time: Callable[[Any], int],
    *,
    cells: tuple[str, ...] = (),
    windows: bool = False,
) -> RecordLayout:
    columns = {part[0]: int, **table.columns(), **dict.fromkeys(cells, bytes)}
    key = _partition_of(partition)
    return RecordLayout(table.name, columns, partition, clustering, windows, table, part[1], write_time, key)


def _partition_of(columns: tuple[str, ...]) -> Callable[[Any, int], tuple[Any, ...]]:
    if len(columns) == 1:
        return lambda _row, part: (part,)
    name = columns[0]
    return lambda row, part: (getattr(row, name), part)


def _in_shards(table: Table, cells: tuple[str, ...] = ()) -> RecordLayout:
    part = ("shard", lambda row: shard_of(row.battery_id))
    return _record(table, part, ("shard",), ("battery_id",), _revision, cells=cells)


def _in_spans(table: Table, size: int) -> RecordLayout:
    number = table.key[1]
    part = ("span", lambda row: row[1] // size)
    return _record(table, part, ("battery_id", "span"), (number,), _revision)


def _revision(row: Any) -> int:
    revision: int = row.revision
    return revision


def _microseconds(second: float, otherwise: int) -> int:
    """As a write time; what is not known or out of reach is replaced."""
    return int(second * 1e6) if 0.0 <= second < 9e12 else otherwise


def _arrival(row: Any) -> int:
    return _microseconds(row.arrival_unix_second, _NEVER)


# Of a position that comes twice, the first one stays: it is the one that is read. Both have one write time only when
# they are one arrival.
_POSITION = ("offset", "reading_index", "arrival_unix_second")
_SPAN_OF_OFFSETS = ("span", lambda row: row.offset // SPAN_OF_OFFSETS)

RUNNING_CYCLE, RUNNING_STEP, NEWEST_POINT = CELLS = ("running_cycle", "running_step", "newest_point")
"""What else changes with every reading lies beside the newest values of its battery, each packed in one value, and
nowhere else: it takes one row a battery, not four."""

BATTERIES = _in_shards(BATTERY, CELLS)
SNAPSHOTS = _in_shards(SNAPSHOT)
CYCLES = _in_spans(CYCLE, SPAN_OF_CYCLES)
STEPS = _in_spans(STEP, SPAN_OF_STEPS)
POINTS = _record(
    TRACE,
    ("span", lambda row: row.bucket // SPAN_OF_POINTS),
    ("battery_id", "span"),
    ("bucket",),
    lambda row: _microseconds(row.unix_time_second, row.revision),
    windows=True,
)
LATES = _record(LATE, _SPAN_OF_OFFSETS, ("battery_id", "span"), ("partition", *_POSITION), _arrival, windows=True)
LETTERS = _record(DEAD_LETTER, _SPAN_OF_OFFSETS, ("partition", "span"), _POSITION, _arrival, windows=True)


def _recent(name: str) -> Layout:
    columns: dict[str, ColumnType] = {"shard": int, "battery_id": str, "slot": int, "row": bytes}
    return Layout(name, columns, ("shard",), ("battery_id", "slot"), windows=False)


NEW_CYCLES, NEW_STEPS = map(_recent, ("recent_cycle", "recent_step"))
"""The newest few of each battery that have ended, packed: the page reads them of all batteries every second."""

PACKED_CYCLES = Layout(
    "packed_cycle",
    {"battery_id": str, "span": int, "cycle_number": int, "row": bytes},
    CYCLES.partition,
    CYCLES.clustering,
    windows=False,
)
"""The same rows as `CYCLES`, each in one value: all of a lab's are read several times as fast as their columns."""

OCCUPIED = Layout(
    "occupied",
    {"kind": str, "shard": int, "name": str, "span": int, "writer": int, "changed": int},
    ("kind", "shard"),
    ("name", "span", "writer"),
    windows=False,
)
"""Which spans there are in table ``kind`` of the battery or partition ``name``: nobody could guess them.

``changed`` is another number after every write into the span; each writer has its own, because their clocks differ.
"""

OFFSETS = Layout(
    COMMITTED.name,
    {"ledger": int, **COMMITTED.columns()},
    ("ledger",),
    ("partition",),
    windows=False,
)
"""Committed offsets. Each epoch writes into a ledger of its own, so that what an older one still writes is not seen."""

STANDING = Layout(
    "meta",
    {"name": str, "schema_version": int, "made": int, "epoch": int, "ledger": int},
    ("name",),
    (),
    windows=False,
)
"""One row: which tables these are, and whose turn it is."""

RECORDS = {layout.table: layout for layout in (BATTERIES, CYCLES, STEPS, POINTS, LATES, LETTERS, SNAPSHOTS)}
LAYOUTS: tuple[Layout, ...] = (
    *RECORDS.values(),
    PACKED_CYCLES,
    NEW_CYCLES,
    NEW_STEPS,
    OCCUPIED,
    OFFSETS,
    STANDING,
)
"""All tables of a keyspace."""
