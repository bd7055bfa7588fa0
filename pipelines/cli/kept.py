"""The tables as people ask for them: their names at the command line, and how they are read from any store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from math import isnan
from typing import Any

from pipelines.storage import StoreReader
from schemas import UNKNOWN_COUNT
from schemas.reading import INTEGER_COLUMNS
from schemas.tables import BATTERY, CYCLE, DEAD_LETTER, LATE, STEP, TRACE, Table

Row = tuple[Any, ...]


class Kept(StrEnum):
    """What `show` and `export` can be asked for."""

    BATTERIES = "batteries"
    CYCLES = "cycles"
    STEPS = "steps"
    TRACE = "trace"
    LATE = "late"
    DEAD_LETTERS = "dead-letters"


TABLE_OF: dict[Kept, Table] = {
    Kept.BATTERIES: BATTERY,
    Kept.CYCLES: CYCLE,
    Kept.STEPS: STEP,
    Kept.TRACE: TRACE,
    Kept.LATE: LATE,
    Kept.DEAD_LETTERS: DEAD_LETTER,
}


def read(reader: StoreReader, kept: Kept, battery_id: str | None = None) -> Sequence[Row]:
    """Rows of a table, of all batteries or of one; dead letters, which name no battery, are always all."""
    return _READ[kept](reader, battery_id)


def whose(reader: StoreReader, kept: Kept, battery_id: str | None = None) -> list[str | None]:
    """Whose rows to `read`, one after another, to have the whole table; `None` where it is read in one piece."""
    if battery_id is not None or kept in (Kept.BATTERIES, Kept.DEAD_LETTERS):
        return [battery_id]
    return [row.battery_id for row in reader.batteries()]


def known(column: str, value: Any) -> Any:
    """The value, or `None` for what the rows write as "not known": NaN, and counts of `UNKNOWN_COUNT`."""
    if isinstance(value, float) and isnan(value):
        return None
    if value == UNKNOWN_COUNT and column in INTEGER_COLUMNS:
        return None
    return value


def _batteries(reader: StoreReader, battery_id: str | None) -> Sequence[Row]:
    return [row for row in reader.batteries() if battery_id in (None, row.battery_id)]


def _since(battery_id: str | None) -> dict[str, int] | None:
    return None if battery_id is None else {battery_id: 0}


def _trace(reader: StoreReader, battery_id: str | None) -> Sequence[Row]:
    wanted = [row.battery_id for row in reader.batteries()] if battery_id is None else [battery_id]
    return [point for each in wanted for point in reader.trace(each)]


_READ: dict[Kept, Callable[[StoreReader, str | None], Sequence[Row]]] = {
    Kept.BATTERIES: _batteries,
    Kept.CYCLES: lambda reader, battery_id: reader.cycles(_since(battery_id)),
    Kept.STEPS: lambda reader, battery_id: reader.steps(_since(battery_id)),
    Kept.TRACE: _trace,
    Kept.LATE: lambda reader, battery_id: reader.late(battery_id),
    Kept.DEAD_LETTERS: lambda reader, _battery_id: reader.dead_letters(),
}
