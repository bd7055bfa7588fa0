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

from typing import NamedTuple

import numpy as np

from pipelines.analytics.layout import AXIS, CURRENT, STEP_TIME, VOLTAGE, Floats
from pipelines.analytics.segment import Sums


class Flow(NamedTuple):
    """What flows while the buffer is read, for the directions that occur in it: none, one, or both.

    Attributes:
        sums: Which of the `Sums` the rows are; the others stay as they are.
        rate: What they are integrals of, at each reading.
        area: Their integral over the interval that ends at each reading; column 0 is free.
    """

    sums: slice
    rate: Floats
    area: Floats


def flow(buffer: Floats, mark: Floats, interval_s: Floats) -> Flow:
    """Charge and energy by the trapezoidal rule, no threshold; time is active when the later reading is.

    Args:
        buffer: Readings.
        mark: Of `direction.marks`.
        interval_s: Before each reading but column 0 [s].
    """
    current_a = buffer[CURRENT]
    first, stop = int(not current_a.max() > 0.0), 1 + int(current_a.min() < 0.0)
    ways = stop - first
    rate, area = np.empty((2, 3 * ways, buffer.shape[1]))
    if first == 0:
        np.maximum(current_a, 0.0, out=rate[0])
    if stop == 2:
        np.maximum(-current_a, 0.0, out=rate[ways - 1])
    np.multiply(rate[:ways], buffer[VOLTAGE], out=rate[ways : 2 * ways])
    rate[2 * ways :] = mark[first:stop]
    np.add(rate[: 2 * ways, 1:], rate[: 2 * ways, :-1], out=area[: 2 * ways, 1:])
    area[: 2 * ways, 1:] *= interval_s * 0.5
    np.multiply(rate[2 * ways :, 1:], interval_s, out=area[2 * ways :, 1:])
    return Flow(slice(first, len(Sums._fields) if ways else 0, 3 - ways), rate, area)


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
    before_s, at_s = buffer[AXIS, column - 1 : column + 1].tolist()
    moved.area[:, column] = moved.rate[:, column] * (at_s - start_s)
    held = [0.0] * len(Sums._fields)
    held[moved.sums] = (moved.rate[:, column - 1] * (start_s - before_s)).tolist()
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
    rows, _, area = moved
    for start, following, anew in zip(starts, [*starts[1:], area.shape[1]], begins, strict=True):
        sums = [0.0] * len(Sums._fields) if anew else list(so_far)
        area[:, start - 1] = sums[rows]
        sums[rows] = np.add.accumulate(area[:, start - 1 : following], axis=1)[:, -1].tolist()
        so_far = Sums._make(sums)
        found.append(so_far)
    return found
