"""Rows and a reader for the tests of the command line."""

from math import nan
from typing import Any

from pipelines.storage.base import Totals
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, StepRow, TracePoint
from schemas.tables import TABLES

_BLANK = {str: "", int: 0, float: nan, bytes: b""}


def blank(row: type, **known: Any) -> Any:
    """A row in which only what is given is known."""
    table = next(table for table in TABLES if table.row is row)
    return row(**{name: known.get(name, _BLANK[kind]) for name, kind in table.columns().items()})


def a_cycle(battery_id: str = "b1", cycle_number: int = 1, **known: Any) -> CycleRow:
    return blank(CycleRow, battery_id=battery_id, cycle_number=cycle_number, **known)


class FakeReader:
    """The reading side of a store, as far as `show` and `export` use it."""

    def __init__(self, **tables):
        self._tables = tables
        self.closed = False

    def batteries(self):
        return [blank(BatteryRow, battery_id="b1"), blank(BatteryRow, battery_id="b2")]

    def cycles(self, since=None):
        return [row for row in self._tables.get("cycles", []) if since is None or row.battery_id in since]

    def steps(self, since=None):
        return [blank(StepRow, battery_id="b1", step_number=1, cycle_count=-1, step_count=3, step_id=-1)]

    def trace(self, battery_id, after_second=float("-inf")):
        return [blank(TracePoint, battery_id=battery_id, bucket=7)]

    def late(self, battery_id=None):
        two = [blank(LateReading, partition="p", offset=1, battery_id=name) for name in ("b1", "b2")]
        rows = self._tables.get("late", two)
        return [row for row in rows if battery_id in (None, row.battery_id)]

    def dead_letters(self, limit=None):
        letters = self._tables.get("dead_letters", [])
        return letters if limit is None else letters[:limit]

    def dead_letter_counts(self):
        return {"malformed": 2}

    def totals(self):
        return Totals(2, 1, 10, 0, 0, 2, nan)

    def close(self):
        self.closed = True


A_LETTER = DeadLetter("log:x/00", 17, -1, "malformed", "no JSON", b'{"a":\xff', 6, 1_700_000_000.0)
