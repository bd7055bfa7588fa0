"""The trace of a battery in the Battery Data Format (BDF 1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.cli.kept import Row, known
from pipelines.cli.sheet import Filled, SheetColumn
from schemas import TracePoint
from schemas.dictionary import meanings
from schemas.tables import TRACE


class BdfColumn(NamedTuple):
    """One quantity of BDF: its label, its machine name, and the column of the trace that has it."""

    label: str
    name: str
    trace_column: str


BDF_COLUMNS = (
    BdfColumn("Test Time / s", "test_time_second", "time_second"),
    BdfColumn("Voltage / V", "voltage_volt", "voltage_volt"),
    BdfColumn("Current / A", "current_ampere", "current_ampere"),
    BdfColumn("Unix Time / s", "unix_time_second", "unix_time_second"),
    BdfColumn("Cycle Count / 1", "cycle_count", "cycle_number"),
    BdfColumn("Temperature T1 / degC", "temperature_t1_celsius", "temperature_t1_celsius"),
)
"""The three that BDF requires, then those it recommends or knows; its sign of the current is ours."""


class BdfSheet:
    """Points of one battery under the names of BDF.

    The test time is the battery's own axis, so it goes on from test to test. Where that axis is the wall clock, because
    the cycler tells no test time, it counts from the first point instead.
    """

    def __init__(self, *, labels: bool) -> None:
        """Choose the names: labels (``Voltage / V``) or machine names (``voltage_volt``)."""
        kinds, told = TRACE.columns(), {one.column: one for one in meanings(TRACE)}
        self.columns = tuple(
            SheetColumn(one.label if labels else one.name, kinds[one.trace_column], told[one.trace_column])
            for one in BDF_COLUMNS
        )

    def fill(self, rows: Sequence[Row]) -> Filled:
        """The columns of all points of a battery, by time."""
        points = [TracePoint._make(row) for row in rows]
        start_s = _start_s(points)
        filled = [
            [known(one.trace_column, getattr(point, one.trace_column)) for point in points] for one in BDF_COLUMNS
        ]
        return [[time_s - start_s for time_s in filled[0]], *filled[1:]]


def _start_s(points: Sequence[TracePoint]) -> float:
    if points and points[0].time_second == points[0].unix_time_second:
        return points[0].time_second
    return 0.0
