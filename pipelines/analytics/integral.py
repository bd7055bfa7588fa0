"""Charge, energy and active time between readings, and how they are shared at an edge between two steps.

::

    inside a step            at an edge: the old current is held until the new step began,
                             then the new one
      I |      .b              I |      .b                          t_s = b.time - b.step_time
        |   .´ |                 |   ___|   } new step                    (b.time without a step clock)
        | a´   |                 | a_|      } old step
        +--+---+-- t             +-+-+--+-- t
                                    t_s
"""

from __future__ import annotations

import msgspec
import numpy as np

from pipelines.analytics.counters import Counted
from pipelines.analytics.direction import CHARGING, DISCHARGING, Currents
from pipelines.analytics.layout import AXIS, CURRENT, STEP_TIME, TEMPERATURE, VOLTAGE, Floats
from pipelines.analytics.segment import Sums
from pipelines.analytics.spans import Span

_CHARGE, _ENERGY, _ACTIVE = 0, 2, 4
"""Where in `Sums` the charging one of each pair is; the discharging one follows it."""
_TEMPERATURE = Sums._fields.index("temperature_cs")
_COUNTED = Sums._fields.index("counted_charge_ah")
_BRIDGED = Sums._fields.index("bridged_as")
_RESTING = Sums._fields.index("resting_s")


class Flow(msgspec.Struct, frozen=True):
    """What flows while the buffer is read, for the directions that occur in it: none, one, or both.

    Attributes:
        sums: Which of the `Sums` each row of ``area`` is; the others stay as they are.
        levels: What the first rows integrate, at each reading.
        area: Integrals over the interval that ends at each reading, then what was counted in it; column 0 is free.
    """

    sums: list[int]
    levels: list[Floats]
    area: Floats

    def at(self, column: int) -> list[float]:
        """What is integrated, at one reading."""
        return [float(level[column]) for level in self.levels]


def intervals_s(buffer: Floats) -> Floats:
    """Time since the reading before [s], shape (columns,); 0 for column 0."""
    found = np.zeros(buffer.shape[1])
    np.subtract(buffer[AXIS, 1:], buffer[AXIS, :-1], out=found[1:])
    return found


def flow(buffer: Floats, currents: Currents, interval_s: Floats, counted: Counted | None) -> Flow:
    """Charge and energy by the trapezoidal rule, no threshold; time is active when the later reading is.

    Args:
        buffer: Readings.
        currents: Of the buffer.
        interval_s: Of `intervals_s`.
        counted: Of the buffer.
    """
    ways, current_a = range(currents.ways.start, currents.ways.stop), buffer[CURRENT]
    number, columns = len(ways), len(current_a)
    level = np.empty((2 * number, columns))
    for row, way in enumerate(ways):  # row by row is faster than a few rows at once
        np.maximum(current_a if way == CHARGING else -current_a, 0.0, out=level[row])
        np.multiply(level[row], buffer[VOLTAGE], out=level[number + row])
    warmth, resting = _warmth(buffer[TEMPERATURE]), _resting(currents.mark)
    levels = [*level, *(currents.mark[way] for way in ways), *warmth, *resting]
    sums = [first + way for first in (_CHARGE, _ENERGY, _ACTIVE) for way in ways]
    sums += range(_TEMPERATURE, _TEMPERATURE + len(warmth))
    sums += [_RESTING] * len(resting)
    sums += [] if counted is None else range(_COUNTED, _COUNTED + len(counted.added))
    area = np.zeros((len(sums) + 1, columns))  # the last row is for what is bridged
    flows, one_row = area[: 2 * number], level.ravel()
    np.add(one_row[1:], one_row[:-1], out=flows.ravel()[1:])  # what is wrong where two rows meet is in column 0
    flows *= interval_s * 0.5
    for row in range(2 * number, len(levels)):
        np.multiply(levels[row], interval_s, out=area[row])
    if counted is not None:
        area[len(levels) : -1] = counted.added
    return Flow(sums, levels, area)


def _warmth(temperature_c: Floats) -> list[Floats]:
    """The temperature where it is known, and whether it is; nothing when it never is."""
    known = temperature_c == temperature_c  # false for NaN
    if not known.any():
        return []
    return [np.where(known, temperature_c, 0.0), known.astype(np.float64)]


def _resting(mark: Floats) -> list[Floats]:
    """Whether each reading neither charges nor discharges; nothing when none does."""
    active = mark[CHARGING] + mark[DISCHARGING]
    return [1.0 - active] if active.min() == 0.0 else []


def edge_s(buffer: Floats, column: int) -> float:
    """When the step began whose first reading that is: by its step clock, within the interval before it [s]."""
    before_s, at_s = float(buffer[AXIS, column - 1]), float(buffer[AXIS, column])
    step_time_s = float(buffer[STEP_TIME, column])
    return min(max(at_s - step_time_s, before_s), at_s) if step_time_s == step_time_s else at_s


def share(buffer: Floats, moved: Flow, column: int, start_s: float, gap_s: float) -> Sums:
    """Share the interval before a step's first reading: the areas there become those of the new step.

    What was counted in it stays with the new step.

    Returns:
        What the old one still gets.
    """
    before_s, at_s = float(buffer[AXIS, column - 1]), float(buffer[AXIS, column])
    gained_s, kept_s = at_s - start_s, start_s - before_s
    moved.area[: len(moved.levels), column] = [level * gained_s for level in moved.at(column)]
    held = [0.0] * len(Sums._fields)
    for row, level in zip(moved.sums, moved.at(column - 1), strict=False):
        held[row] = level * kept_s
    if at_s - before_s > gap_s:
        held[_BRIDGED] = held[_CHARGE] + held[_CHARGE + 1]
    return Sums._make(held)


def with_gaps(moved: Flow, interval_s: Floats, gap_s: float) -> Flow:
    """The same with the charge that lies in gaps; edges must be shared by then."""
    wide = interval_s > gap_s
    if not wide.any():
        return Flow(moved.sums, moved.levels, moved.area[:-1])
    for row, kind in enumerate(moved.sums):
        if kind in (_CHARGE, _CHARGE + 1):
            moved.area[-1] += moved.area[row] * wide
    return Flow([*moved.sums, _BRIDGED], moved.levels, moved.area)


def add_up(moved: Flow, spans: list[Span], so_far: Sums) -> list[Sums]:
    """The running sums at the end of each span of a buffer, each term added in its turn.

    Args:
        moved: Of `with_gaps`; its areas are used up.
        spans: All of the buffer.
        so_far: What the first one goes on with.
    """
    found: list[Sums] = []
    rows, sums = moved.sums, list(so_far)
    for segment in _by_segment(spans):
        first, last = segment[0], segment[-1]
        if first.change is not None:
            sums = [0.0] * len(sums)
        area = moved.area[:, first.start - 1 : last.stop]
        area[:, 0] = [sums[row] for row in rows]
        running = np.add.accumulate(area, axis=1)
        for span in segment:
            for row, total in zip(rows, running[:, span.stop - first.start].tolist(), strict=True):
                sums[row] = total
            found.append(Sums._make(sums))
    return found


def _by_segment(spans: list[Span]) -> list[list[Span]]:
    """The spans of each segment: two where it goes on behind the horizon."""
    found: list[list[Span]] = []
    for span in spans:
        if span.change is None and found:
            found[-1].append(span)
        else:
            found.append([span])
    return found
