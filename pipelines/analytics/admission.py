"""Which readings are taken, and in which order.

Three ways, each for what the one before cannot decide: readings that rise in time behind everything else are taken
as they are; readings out of order, when none of them can be late, repeated or of a new test, are sorted; all others
are looked at one by one.
"""

from __future__ import annotations

from typing import cast

import msgspec
import numpy as np

from pipelines.analytics.arrivals import Arrivals
from pipelines.analytics.horizon import limit_after
from pipelines.analytics.layout import AXIS, CONTENT, DUPLICATES, RECORD, ROWS, UNIX_TIME, Floats, Integers
from pipelines.analytics.order import contents, order, rises, rises_strictly
from pipelines.analytics.settings import Settings
from pipelines.analytics.state import BatteryState
from pipelines.analytics.time_axis import Test, place, refuse_other_clocks


class Admission(msgspec.Struct, frozen=True):
    """What became of readings on arrival.

    Attributes:
        buffer: Pending and accepted readings in order (`layout`).
        new: Columns of those that are new, rising.
        late: Those that came too late: their numbers on arrival and times on the battery's axis [s].
        duplicates: How many were repeats.
        taken: How many were looked at: all, or those before the first one of a new test.
    """

    buffer: Floats
    new: Integers
    late: list[tuple[int, float]]
    duplicates: int
    taken: int


def admit(state: BatteryState, values: Floats, settings: Settings) -> Admission:
    """Take readings of one test, in the order they arrived.

    Args:
        state: Of the battery; it has a test.
        values: Readings, shape (len(COLUMNS), n).
        settings: The horizon.

    Raises:
        ValueError: A reading is not timed like its test.
    """
    buffer, held = _stack(state, values), state.pending.shape[1]
    records = buffer[RECORD, 1:]
    if rises_strictly(buffer[AXIS, held:]) and (rises_strictly(records) or np.isnan(records).all()):
        return _in_order(buffer, np.arange(held + 1, buffer.shape[1]), state)
    refuse_other_clocks(buffer[AXIS, held + 1 :])
    columns = np.concatenate(([0], 1 + order(buffer[:, 1:])))
    ordered = buffer[:, columns]
    if _is_plain(ordered[:, 1:], buffer[AXIS, held + 1 :], state, settings):
        return _in_order(ordered, _new(columns, held), state)
    return _one_by_one(buffer, held, state, settings)


def _stack(state: BatteryState, values: Floats) -> Floats:
    """The last settled reading, the pending ones, then the new ones as they arrived.

    Where there is no settled one in the test, column 0 has the time that its readings must be behind.
    """
    first_new = 1 + state.pending.shape[1]
    buffer = np.empty((ROWS, first_new + values.shape[1]))
    if state.settled.last is None:
        buffer[:, 0] = state.limit_s
    else:
        buffer[:, 0] = state.settled.last
    buffer[:, 1:first_new] = state.pending
    buffer[CONTENT, first_new:] = values
    buffer[DUPLICATES, first_new:] = 0.0
    buffer[AXIS, first_new:] = place(cast(Test, state.test), buffer[:, first_new:])
    return buffer


def _in_order(buffer: Floats, new: Integers, state: BatteryState) -> Admission:
    """Everything was taken."""
    if state.settled.last is None:
        buffer[:, 0] = buffer[:, 1]
    return Admission(buffer, new, [], 0, len(new))


def _new(columns: Integers, held: int) -> Integers:
    """Where those of the columns stand that are behind the ``held`` ones."""
    return (columns > held).nonzero()[0]


def _is_plain(ordered: Floats, new_s: Floats, state: BatteryState, settings: Settings) -> bool:
    """Whether no reading can be late, none repeats another one, and no clock says that a new test begins.

    Args:
        ordered: Pending and new readings in order, without column 0.
        new_s: Times of the new ones [s].
        state: Of the battery.
        settings: The horizon.
    """
    wall_s = ordered[UNIX_TIME]
    return bool(
        new_s.min() > limit_after(state.limit_s, ordered[AXIS], settings)
        and (rises(wall_s) or np.isnan(wall_s).all())
        and _all_differ(ordered)
    )


def _all_differ(ordered: Floats) -> bool:
    """Whether no reading repeats another, by the record indices or, where there are none, by what they say."""
    records = ordered[RECORD]
    if not np.isnan(records).all():
        return len(np.unique(records)) == len(records) and not np.isnan(records).any()
    same_time = ordered[AXIS, 1:] == ordered[AXIS, :-1]
    said = contents(ordered[:, np.append(same_time, False) | np.append(False, same_time)])
    return len(set(said)) == len(said)


def _one_by_one(buffer: Floats, held: int, state: BatteryState, settings: Settings) -> Admission:
    newest = held if held or state.settled.last is not None else None
    arrivals = Arrivals(buffer, held, newest, state.limit_s, settings)
    taken = 0
    for column in range(held + 1, buffer.shape[1]):
        if not arrivals.take(column):
            break
        taken += 1
    columns = np.array([0, *arrivals.queue])
    late = [(column - held - 1, float(buffer[AXIS, column])) for column in arrivals.late]
    ordered = _in_order(buffer[:, columns], _new(columns, held), state)
    return Admission(ordered.buffer, ordered.new, late, arrivals.duplicates, taken)
