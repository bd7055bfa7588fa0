"""What the cycler's own counters add from one reading to the next, whenever they start anew.

A counter rises while current flows its way. It may fall for three reasons:

* it was set back to zero, by a step, a half cycle, a cycle or an operator: what it shows now has been counted since;
* current flowed the other way, as in a regeneration pulse, and it counts both ways, as it does where one column holds
  the net charge: what it lost went the other way, unless the other counter has that already;
* its last digit jitters: what it lost it gets back, so the loss counts as it is.

What a counter shows with the first reading of a test was counted before. All that it adds over an interval goes to the
step and the cycle of the later reading.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from pipelines.analytics.layout import (
    AXIS,
    CHARGE_AH,
    CHARGE_WH,
    COUNTERS,
    CURRENT,
    VOLTAGE,
    Booleans,
    Floats,
    Integers,
)

COUNTED_BACK = 2.0
"""A loss up to so many times what flowed the other way is explained by that flow."""
NEARLY_ZERO = 0.1
"""A net counter that falls to less than this share of what it was has been set back."""
JITTER = 0.1
"""Within a step a loss up to this share is jitter of a coarse counter: a step moves more than that after a reset."""

_SECONDS_PER_HOUR = 3600.0


class Counted(msgspec.Struct, frozen=True):
    """What the counters of a buffer add.

    Attributes:
        added: Over the interval that ends at each reading, shape (4, columns), never NaN: charge in and out [Ah],
            energy in and out [Wh].
        known: Whether each reading and the one before tell the charge and whether they tell the energy, 1 or 0,
            shape (2, columns); `None` when all do.
    """

    added: Floats
    known: Floats | None


def counted(buffer: Floats, step_starts: Iterable[int]) -> Counted | None:
    """What the counters add; `None` when no reading has any.

    Args:
        buffer: Readings.
        step_starts: Columns of those that begin a step.
    """
    told = buffer[COUNTERS]
    if np.isnan(told).all():
        return None
    added = np.empty_like(told)
    added[:, 0] = 0.0
    np.subtract(told[:, 1:], told[:, :-1], out=added[:, 1:])
    if added.min() >= 0.0:  # all are known, and none falls
        return Counted(added, None)
    unknown = np.isnan(told)
    known = ~(unknown[:, 1:] | unknown[:, :-1])
    both = np.ones((2, told.shape[1]))
    both[:, 1:] = known[0::2] | known[1::2]
    added[:, 1:][~known] = 0.0
    _settle_falls(buffer, added, unknown, _flags(step_starts, told.shape[1]))
    return Counted(added, both)


def _flags(columns: Iterable[int], count: int) -> Booleans:
    flags = np.zeros(count, np.bool_)
    flags[list(columns)] = True
    return flags


def _settle_falls(buffer: Floats, added: Floats, unknown: Booleans, starts_step: Booleans) -> None:
    """Say what each fall of a counter means."""
    differs = added.copy()
    for row, difference in enumerate(differs):
        columns = (difference < 0.0).nonzero()[0]
        if len(columns):
            is_net, other_rises = unknown[row ^ 1, columns], differs[row ^ 1, columns] > 0.0
            lost = -difference[columns]
            added[row, columns] += lost  # nothing, so far
            _settle(buffer, added, row, columns, lost, is_net, other_rises, starts_step)


def _settle(
    buffer: Floats,
    added: Floats,
    row: int,
    columns: Integers,
    lost: Floats,
    is_net: Booleans,
    other_rises: Booleans,
    starts_step: Booleans,
) -> None:
    """Say it for the falls of one counter, whose column of the other direction is not known or rises there."""
    told = buffer[CHARGE_AH + row]
    before, after = told[columns - 1], told[columns]
    explained = lost <= COUNTED_BACK * _flow_back(buffer, row, columns)
    back = (after != 0.0) & (explained | (is_net & (np.abs(after) > NEARLY_ZERO * np.abs(before))))
    jitter = ~back & ~starts_step[columns] & (lost <= JITTER * before)
    reset = ~(back | jitter)
    added[row, columns[jitter]] -= lost[jitter]
    added[row, columns[reset]] += np.maximum(after[reset], 0.0)
    away = np.where(reset, np.maximum(-after, 0.0), lost)
    credited = (back | (reset & is_net)) & ~other_rises
    added[row ^ 1, columns[credited]] += away[credited]


def _flow_back(buffer: Floats, row: int, columns: Integers) -> Floats:
    """What flowed against a counter in the intervals that end at these columns [Ah] or [Wh]."""
    against = 1.0 if row % 2 else -1.0
    flows = []
    for place in (columns - 1, columns):
        flow = np.maximum(against * buffer[CURRENT, place], 0.0)
        flows.append(flow * buffer[VOLTAGE, place] if row >= CHARGE_WH - CHARGE_AH else flow)
    found: Floats = (flows[0] + flows[1]) * (buffer[AXIS, columns] - buffer[AXIS, columns - 1]) / 2 / _SECONDS_PER_HOUR
    return found
