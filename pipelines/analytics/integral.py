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

from itertools import pairwise

import msgspec
import numpy as np

from pipelines.analytics.direction import CHARGING, Currents
from pipelines.analytics.layout import AXIS, CURRENT, STEP_TIME, VOLTAGE, Floats
from pipelines.analytics.segment import Sums

_SUMS = {(0, 2): slice(0, 6), (0, 1): slice(0, 6, 2), (1, 2): slice(1, 6, 2), (1, 1): slice(0, 0)}
"""Which of the sums are those of both directions, charge, discharge, neither."""


class Flow(msgspec.Struct, frozen=True):
    """What flows while the buffer is read, for the directions that occur in it: none, one, or both.

    Attributes:
        sums: Which of the `Sums` the rows of ``area`` are; the others stay as they are.
        level: Magnitudes of current and power at each reading, and whether it is active, a row a direction each.
        area: Integrals of all these over the interval that ends at each reading; column 0 is free.
    """

    sums: slice
    level: Floats
    area: Floats


def flow(buffer: Floats, currents: Currents, interval_s: Floats) -> Flow:
    """Charge and energy by the trapezoidal rule, no threshold; time is active when the later reading is.

    Args:
        buffer: Readings.
        currents: Of the buffer.
        interval_s: Before each reading but column 0 [s].
    """
    ways, current_a = currents.ways, buffer[CURRENT]
    number, columns = ways.stop - ways.start, len(current_a)
    level, area = np.empty((3 * number, columns)), np.empty((3 * number, columns))
    for row, way in enumerate(range(ways.start, ways.stop)):  # row by row is faster than a few rows at once
        rate_a, active = level[row], level[2 * number + row]
        np.maximum(current_a if way == CHARGING else -current_a, 0.0, out=rate_a)
        np.multiply(rate_a, buffer[VOLTAGE], out=level[number + row])
        active[:] = currents.mark[way]
        np.multiply(active[1:], interval_s, out=area[2 * number + row, 1:])
    rates, flows = level[: 2 * number], area[: 2 * number, 1:]
    np.add(rates[:, 1:], rates[:, :-1], out=flows)
    flows *= interval_s * 0.5
    return Flow(_SUMS[ways.start, ways.stop], level, area)


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
    moved.area[:, column] = moved.level[:, column] * gained_s
    held = [0.0] * len(Sums._fields)
    held[moved.sums] = (moved.level[:, column - 1] * kept_s).tolist()
    return Sums._make(held)


def add_up(moved: Flow, starts: list[int], begins: list[bool], so_far: Sums) -> list[Sums]:
    """The running sums at the end of each piece of a buffer, each term added in its turn.

    Args:
        moved: Of `flow`; its areas are used up.
        starts: First column of each piece; the first piece starts at column 1, the last one ends with the buffer.
        begins: Whether the piece begins at zero; else it goes on with the sums of the piece before.
        so_far: What the first piece goes on with.
    """
    found: list[Sums] = []
    rows, area = moved.sums, moved.area
    stops = [start - 1 for start in starts[1:]] + [area.shape[1] - 1]
    firsts = [number for number, anew in enumerate(begins) if anew or number == 0]
    for first, following in pairwise([*firsts, len(starts)]):
        before = starts[first] - 1
        sums = [0.0] * len(Sums._fields) if begins[first] else list(so_far)
        area[:, before] = sums[rows]
        running = np.add.accumulate(area[:, before : stops[following - 1] + 1], axis=1)
        for stop in stops[first:following]:
            sums[rows] = running[:, stop - before].tolist()
            found.append(Sums._make(sums))
    return found
