"""One step of a battery's state: readings that were admitted become settled or pending."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pipelines.analytics.admission import Admission
from pipelines.analytics.fold import Folded, fold
from pipelines.analytics.horizon import limit_after
from pipelines.analytics.layout import AXIS, Floats
from pipelines.analytics.settings import Settings
from pipelines.analytics.state import BatteryState, Tally


class Delivery(msgspec.Struct, frozen=True):
    """What comes with readings.

    Attributes:
        revision: Of the rows they change.
        applied: As in `BatteryState`, after them.
        group: Newest one known; empty when none was.
        arrival_s: When they arrived, UTC [s].
    """

    revision: int
    applied: Mapping[str, int]
    group: str
    arrival_s: float


class Advanced(msgspec.Struct, frozen=True):
    """What came of an advance.

    Attributes:
        state: The next one.
        folded: What became of the readings.
        cut: How many of them are settled.
        is_over: Whether all are, because the test has ended or nothing follows.
    """

    state: BatteryState
    folded: Folded
    cut: int
    is_over: bool


def advance(
    state: BatteryState, admission: Admission, is_over: bool, delivery: Delivery, settings: Settings
) -> Advanced:
    """Fold what was admitted.

    Args:
        state: Of the battery.
        admission: What it was given, in order.
        is_over: Whether the test has ended or nothing follows.
        delivery: What came with it.
        settings: The same for all.
    """
    limit_s, cut = _horizon(state.limit_s, admission.buffer[AXIS, 1:], is_over, settings)
    folded = fold(state.settled, admission.buffer, cut, settings)
    pending = admission.buffer[:, cut + 1 :].copy()
    pending.setflags(write=False)
    tally = _tally(state.tally, admission, delivery.arrival_s)
    after = BatteryState(
        delivery.revision,
        delivery.applied,
        delivery.group,
        state.test,
        state.earlier_tests,
        limit_s,
        folded.settled,
        pending,
        tally,
    )
    return Advanced(after, folded, cut, is_over)


def _horizon(limit_s: float, times_s: Floats, is_over: bool, settings: Settings) -> tuple[float, int]:
    """Where the horizon is behind these readings, and how many of them are settled."""
    if not len(times_s):
        return limit_s, 0
    if is_over:
        return max(limit_s, float(times_s[-1])), len(times_s)
    limit_s = limit_after(limit_s, times_s, settings)
    return limit_s, int(times_s.searchsorted(limit_s, "right"))


def _tally(tally: Tally, admission: Admission, arrival_s: float) -> Tally:
    new = admission.new
    newest_is_new = len(new) > 0 and int(new[-1]) == admission.buffer.shape[1] - 1
    return Tally(
        tally.readings + len(new),
        tally.duplicates + admission.duplicates,
        tally.late + len(admission.late),
        tally.first_arrival_s if tally.readings else arrival_s,
        arrival_s if newest_is_new else tally.last_arrival_s,
    )
