"""The rows of one call of `track`, gathered test by test."""

from __future__ import annotations

from typing import cast

from pipelines.analytics.admission import Admission
from pipelines.analytics.advance import Advanced
from pipelines.analytics.rows import Heading, Rows, battery_row, cycle_row, late_reading, step_row
from pipelines.analytics.settings import Settings
from pipelines.analytics.time_axis import Test
from pipelines.analytics.trace import trace_points
from pipelines.analytics.turn import newest_cycle, newest_step
from schemas import BatteryRow, CycleRow, LateReading, ReadingChunk, Status, StepRow, TracePoint


class Report:
    """Gathers the newest row of each key."""

    def __init__(self, chunk: ReadingChunk, revision: int, settings: Settings) -> None:
        """For the rows of a chunk, of that revision."""
        self._chunk, self._revision, self._settings = chunk, revision, settings
        self._battery: BatteryRow | None = None
        self._cycles: list[CycleRow] = []
        self._steps: list[StepRow] = []
        self._trace: list[TracePoint] = []
        self._late: list[LateReading] = []

    def add(self, admission: Admission, advanced: Advanced, first: int) -> None:
        """Add what one test shows after an advance.

        Args:
            admission: What it was given.
            advanced: What came of it; the state has a test.
            first: Number in the chunk of the first reading it was given.
        """
        state, folded, cut, is_over = advanced.state, advanced.folded, advanced.cut, advanced.is_over
        test = cast(Test, state.test)
        heading = Heading(
            self._chunk.battery_id, test.test_id, state.group, self._revision, self._settings.counter_tolerance
        )
        self._steps += [step_row(heading, step, _ended(column, cut)) for step, column in folded.steps]
        self._cycles += [cycle_row(heading, cycle, _ended(column, cut)) for cycle, column in folded.cycles]
        step, cycle = newest_step(folded.newest), newest_cycle(folded.newest)
        if is_over or admission.buffer.shape[1] > 1:
            self._steps.append(step_row(heading, step, "final" if is_over else "running"))
            self._cycles.append(cycle_row(heading, cycle, "final" if is_over else "running"))
        self._battery = battery_row(heading, state, folded.direction, step, cycle)
        interval_s = self._settings.trace_interval_second
        points = trace_points(heading, admission.buffer, admission.new, folded.cycle_numbers, interval_s)
        if points and self._trace and self._trace[-1].bucket == points[0].bucket:
            del self._trace[-1]  # the bucket in which one test ends and the next one begins
        self._trace += points
        self.add_late(test, [(first + number, time_s) for number, time_s in admission.late])

    def add_late(self, test: Test, late: list[tuple[int, float]]) -> None:
        """Add late readings of a test: their numbers in the chunk, and their times on the battery's axis [s]."""
        self._late += [late_reading(self._chunk, test.test_id, number, time_s) for number, time_s in late]

    def rows(self) -> Rows:
        """All of them."""
        return Rows(
            self._battery,
            tuple(self._cycles),
            tuple(self._steps),
            tuple(self._trace),
            tuple(self._late),
        )


def _ended(next_column: int, cut: int) -> Status:
    """Of what ended: its end is settled when the reading that begins the next one is."""
    return "final" if next_column <= cut else "provisional"
