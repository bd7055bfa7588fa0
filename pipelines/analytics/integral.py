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

from pipelines.analytics.direction import CHARGING, Currents
from pipelines.analytics.layout import AXIS, CURRENT, STEP_TIME, VOLTAGE, Floats
from pipelines.analytics.segment import Sums
from pipelines.analytics.spans import Span

_SUMS = {(0, 2): slice(0, 6), (0, 1): slice(0, 6, 2), (1, 2): slice(1, 6, 2), (1, 1): slice(0, 0)}
"""Which of the sums are those of both directions, charge, discharge, neither."""


class Flow(msgspec.Struct, frozen=True):
    """What flows while the buffer is read, for the directions that occur in it: none, one, or both.

    Attributes:
        sums: Which of the `Sums` the rows of ``area`` are; the others stay as they are.
        level: Magnitudes of current and power at each reading, a row a direction each.
        active: Whether the reading is active, likewise.
        area: Integrals of level and active over the interval that ends at each reading; column 0 is free.
    """

    sums: slice
    level: Floats
    active: Floats
    area: Floats

    def at(self, column: int) -> list[float]:
        """What is integrated, at one reading."""
        return [*self.level[:, column].tolist(), *self.active[:, column].tolist()]


def intervals_s(buffer: Floats) -> Floats:
    """Time since the reading before [s], shape (columns,); 0 for column 0."""
    found = np.zeros(buffer.shape[1])
    np.subtract(buffer[AXIS, 1:], buffer[AXIS, :-1], out=found[1:])
    return found


def flow(buffer: Floats, currents: Currents, interval_s: Floats) -> Flow:
    """Charge and energy by the trapezoidal rule, no threshold; time is active when the later reading is.

    Args:
        buffer: Readings.
        currents: Of the buffer.
        interval_s: Of `intervals_s`.
    """
    ways, current_a = currents.ways, buffer[CURRENT]
    number, columns = ways.stop - ways.start, len(current_a)
    level, area = np.empty((2 * number, columns)), np.zeros((3 * number, columns))
    for row, way in enumerate(range(ways.start, ways.stop)):  # row by row is faster than a few rows at once
        np.maximum(current_a if way == CHARGING else -current_a, 0.0, out=level[row])
        np.multiply(level[row], buffer[VOLTAGE], out=level[number + row])
        np.multiply(currents.mark[way], interval_s, out=area[2 * number + row])
    flows, one_row = area[: 2 * number], level.ravel()
    np.add(one_row[1:], one_row[:-1], out=flows.ravel()[1:])  # what is wrong where two rows meet is in column 0
    flows *= interval_s * 0.5
    return Flow(_SUMS[ways.start, ways.stop], level, currents.mark[ways], area)


def edge_s(buffer: Floats, column: int) -> float:
    """When the step began whose first reading that is: by its step clock, within the interval before it [s]."""
    before_s, at_s = float(buffer[AXIS, column - 1]), float(buffer[AXIS, column])
    step_time_s = float(buffer[STEP_TIME, column])
    return min(max(at_s - step_time_s, before_s), at_s) if step_time_s == step_time_s else at_s


def share(buffer: Floats, moved: Flow, column: int, start_s: float) -> Sums:
    """Share the interval before a step's first reading: the areas there become those of the new step.

    Returns:
        What the old one still gets.
    """
    gained_s, kept_s = float(buffer[AXIS, column]) - start_s, start_s - float(buffer[AXIS, column - 1])
    moved.area[:, column] = [level * gained_s for level in moved.at(column)]
    held = [0.0] * len(Sums._fields)
    held[moved.sums] = [level * kept_s for level in moved.at(column - 1)]
    return Sums._make(held)


def add_up(moved: Flow, spans: list[Span], so_far: Sums) -> list[Sums]:
    """The running sums at the end of each span of a buffer, each term added in its turn.

    Args:
        moved: Of `flow`; its areas are used up.
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
        area[:, 0] = sums[rows]
        running = np.add.accumulate(area, axis=1)
        for span in segment:
            sums[rows] = running[:, span.stop - first.start].tolist()
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
