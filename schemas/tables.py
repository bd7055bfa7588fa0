"""The tables, described once; every store makes its own statements from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from schemas.dead_letter import DeadLetter
from schemas.rows import (
    BatteryRow,
    CommittedOffset,
    CycleRow,
    LateReading,
    Snapshot,
    StepRow,
    TracePoint,
)

SCHEMA_VERSION = 3
"""Of the tables. A store of another version is refused with what to do.

2: key and headers of dead letters; 3: the columns of steps and cycles between `duplicate_count` and `revision`.
"""

ColumnType = type[str] | type[int] | type[float] | type[bytes]


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: As in every store.
        row: The record whose fields are the columns, in order.
        key: Primary key, a prefix of which selects a battery or partition.
        guarded: True when the row with the higher ``revision`` wins; false when the first write of a key stays.
    """

    name: str
    row: type[NamedTuple]
    key: tuple[str, ...]
    guarded: bool = True

    def columns(self) -> dict[str, ColumnType]:
        """Python type of each column, in order: `str`, `int`, `float` or `bytes`."""
        hints = get_type_hints(self.row)
        return {name: _plain(hints[name]) for name in self.row._fields}


def _plain(hint: Any) -> ColumnType:
    if get_origin(hint) is Literal:
        return type(get_args(hint)[0])
    found: ColumnType = hint
    return found


BATTERY = Table("battery", BatteryRow, ("battery_id",))
CYCLE = Table("cycle", CycleRow, ("battery_id", "cycle_number"))
STEP = Table("step", StepRow, ("battery_id", "step_number"))
TRACE = Table("trace", TracePoint, ("battery_id", "bucket"))
SNAPSHOT = Table("snapshot", Snapshot, ("battery_id",))
LATE = Table("late", LateReading, ("partition", "offset", "reading_index"), guarded=False)
DEAD_LETTER = Table("dead_letter", DeadLetter, ("partition", "offset", "reading_index"), guarded=False)
COMMITTED = Table("committed", CommittedOffset, ("partition",), guarded=False)

TABLES = (BATTERY, CYCLE, STEP, TRACE, SNAPSHOT, LATE, DEAD_LETTER, COMMITTED)
