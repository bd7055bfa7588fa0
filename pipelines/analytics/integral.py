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

import numpy as np

from pipelines.analytics.direction import DISCHARGING
from pipelines.analytics.layout import AXIS, CURRENT, STEP_TIME, VOLTAGE, Booleans, Floats, Integers
from pipelines.analytics.segment import Sums

SUMS = len(Sums._fields)
ACTIVE = slice(4, 6)
"""The sums that are times; the ones before are charges and energies."""


def rates(buffer: Floats, mark: Floats) -> Floats:
    """What the sums are integrals of, at each reading: in the order of `Sums`, shape (SUMS, columns)."""
    current_a = buffer[CURRENT]
    found = np.empty((SUMS, buffer.shape[1]))
    np.maximum(current_a, 0.0, out=found[0])
    np.subtract(found[0], current_a, out=found[1])
    np.multiply(found[:2], buffer[VOLTAGE], out=found[2:4])
    found[ACTIVE] = mark[: DISCHARGING + 1]
    return found


def areas(interval_s: Floats, rate: Floats) -> Floats:
    """Integral of each rate over the interval that ends at each reading, shape (SUMS, columns); column 0 is free.

    Charge and energy by the trapezoidal rule; time is active when the later reading is.
    """
    found = np.empty_like(rate)
    np.add(rate[:4, 1:], rate[:4, :-1], out=found[:4, 1:])
    found[:4, 1:] *= interval_s * 0.5
    np.multiply(rate[ACTIVE, 1:], interval_s, out=found[ACTIVE, 1:])
    return found


def split_edges(
    buffer: Floats, rate: Floats, area: Floats, begins: Integers, is_step: Booleans
) -> tuple[Floats, Floats]:
    """Share the intervals in which a step begins between the old and the new one.

    Args:
        buffer: Readings.
        rate: Of `rates`.
        area: Of `areas`; the shares of the new steps are written into it.
        begins: Columns of the readings a segment begins with, shape (n,).
        is_step: Whether a step begins there, shape (n,). Where only the cycle changes nothing is held: the
            interval is the new cycle's, which starts with it.

    Returns:
        What the old segments still get, shape (SUMS, n); where the new ones start on the battery's axis [s].
    """
    before_s, at_s = buffer[AXIS, begins - 1], buffer[AXIS, begins]
    step_time_s = buffer[STEP_TIME, begins]
    clock_s = at_s - np.where(np.isnan(step_time_s), 0.0, step_time_s)
    starts_s = np.where(is_step, np.minimum(np.maximum(clock_s, before_s), at_s), before_s)
    share = rate[:, begins] * (at_s - starts_s)
    area[:, begins] = np.where(is_step, share, area[:, begins])
    return rate[:, begins - 1] * (starts_s - before_s), starts_s


def add_up(area: Floats, starts: list[int], begins: list[bool], so_far: Sums) -> list[Sums]:
    """The running sums at the end of each piece of a buffer, each term added in its turn.

    Args:
        area: Of `areas`; used up.
        starts: First column of each piece; the first piece starts at column 1, the last one ends with the buffer.
        begins: Whether the piece begins at zero; else it goes on with the sums of the piece before.
        so_far: What the first piece goes on with.
    """
    found: list[Sums] = []
    for start, following, anew in zip(starts, [*starts[1:], area.shape[1]], begins, strict=True):
        area[:, start - 1] = 0.0 if anew else so_far
        so_far = Sums._make(np.add.accumulate(area[:, start - 1 : following], axis=1)[:, -1].tolist())
        found.append(so_far)
    return found
