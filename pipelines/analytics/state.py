"""What is kept of a battery between two chunks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf, nan

import msgspec
import numpy as np

from pipelines.analytics.layout import ROWS, Floats
from pipelines.analytics.onset import Onset
from pipelines.analytics.segment import Segment
from pipelines.analytics.time_axis import Test


class Open(msgspec.Struct, frozen=True, array_like=True):
    """The step and the cycle that go on, and their numbers.

    Attributes:
        step_number: Of the newest step; 0 before the first one.
        cycle_number: Of the newest cycle; 0 before the first one.
        cycle_steps: How many steps that cycle has so far.
        segment: What was added up since step or cycle last changed; `None` between two tests.
        step_closed: The segments of the open step before that one.
        cycle_closed: The segments of the open cycle before that one.
        previous_charge_ah: What the cycle before charged; NaN when the test has none [Ah].
        onset: How the newest step began.
    """

    step_number: int = 0
    cycle_number: int = 0
    cycle_steps: int = 0
    segment: Segment | None = None
    step_closed: Segment | None = None
    cycle_closed: Segment | None = None
    previous_charge_ah: float = nan
    onset: Onset = Onset()


class Settled(msgspec.Struct, frozen=True):
    """Everything up to the horizon: it cannot change any more.

    Attributes:
        last: Last settled reading of the test, shape (ROWS,); `None` when there is none.
        peak_a: Largest magnitude of the current so far, over all tests [A].
        first_direction: 1 when the test's first active reading charged, -1 when it discharged, 0 for none yet.
        open: The step and the cycle of ``last``.
    """

    last: Floats | None = None
    peak_a: float = 0.0
    first_direction: int = 0
    open: Open = Open()


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """What is counted over the battery's whole life. Arrivals: UTC [s]; the last one of the newest reading."""

    readings: int = 0
    duplicates: int = 0
    late: int = 0
    first_arrival_s: float = nan
    last_arrival_s: float = nan


def _no_readings() -> Floats:
    return np.empty((ROWS, 0))


@dataclass(frozen=True, slots=True, eq=False)
class BatteryState:
    """What `track` goes on from. Never changed: `track` returns another one.

    Attributes:
        revision: Of the newest rows.
        applied: Offset of the last message applied, for each partition the battery was on.
        group: Newest one known; empty when none was.
        test: The test the battery is in; `None` before the first reading.
        earlier_tests: Those before it, the newest last.
        limit_s: Readings up to this time are settled, and late when they come now; on the battery's axis [s].
        settled: What those readings came to.
        pending: Readings after that, in order, shape (ROWS, n).
        tally: What is counted over all tests.
    """

    revision: int = 0
    applied: Mapping[str, int] = field(default_factory=dict)
    group: str = ""
    test: Test | None = None
    earlier_tests: tuple[Test, ...] = ()
    limit_s: float = -inf
    settled: Settled = field(default_factory=Settled)
    pending: Floats = field(default_factory=_no_readings)
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def empty(cls) -> BatteryState:
        """A battery that nothing is known of."""
        return cls()

    def with_revision(self, revision: int) -> BatteryState:
        """The same, whose next rows get revisions above that one."""
        return replace(self, revision=revision)

    def newest(self) -> Floats | None:
        """The newest reading of the test, shape (ROWS,); `None` when it has none."""
        return self.pending[:, -1] if self.pending.shape[1] else self.settled.last
