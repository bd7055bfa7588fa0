"""The end of one segment and the beginning of the next: steps and cycles are closed and numbered here."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from pipelines.analytics.measured import measured
from pipelines.analytics.onset import Onset
from pipelines.analytics.segment import Segment, Sums, merge, plus
from pipelines.analytics.state import Open

BACK_SHARE = 0.01
"""Of the charge that the cycle moved in its first direction, so much must have gone back before a new one begins."""


class Step(msgspec.Struct, frozen=True):
    """A step that ended or goes on; ``cycle_number`` is that of its end so far, ``onset`` how it began."""

    number: int
    cycle_number: int
    segment: Segment
    onset: Onset = Onset()


class Cycle(msgspec.Struct, frozen=True):
    """A cycle that ended or goes on, how many steps it has so far, and what the one before charged [Ah]."""

    number: int
    steps: int
    segment: Segment
    previous_charge_ah: float


class Change(msgspec.Struct, frozen=True):
    """What happens with the first reading of a segment.

    Attributes:
        is_step: A step begins.
        is_cycle: A cycle begins by the cycler's count.
        is_counted: The reading has such a count.
        direction: Of that reading: 1 charge, -1 discharge, 0 rest.
        held: What the old segment still gets.
        start_s: Where the new one starts, on the battery's axis [s].
        onset: How the step that begins does so.
    """

    is_step: bool
    is_cycle: bool
    is_counted: bool
    direction: int
    held: Sums
    start_s: float
    onset: Onset = Onset()


def newest_step(now: Open) -> Step:
    """The open step so far; there must be one."""
    return Step(now.step_number, now.cycle_number, merge(now.step_closed, cast(Segment, now.segment)), now.onset)


def newest_cycle(now: Open) -> Cycle:
    """The open cycle so far; there must be one."""
    so_far = merge(now.cycle_closed, cast(Segment, now.segment))
    return Cycle(now.cycle_number, now.cycle_steps, so_far, now.previous_charge_ah)


def turn(
    now: Open, change: Change, first_direction: int, counter_tolerance: float
) -> tuple[Open, Step | None, Cycle | None]:
    """Close what ends at the change; the segment that begins there is still missing in the result.

    Returns:
        The new step's and cycle's numbers and earlier segments, the step that ended, the cycle that ended.
    """
    if now.segment is None:
        return Open(now.step_number + 1, now.cycle_number + 1, 1), None, None
    closed = replace(now.segment, sums=plus(now.segment.sums, change.held), end_s=change.start_s)
    now = replace(now, segment=closed)
    step, cycle = newest_step(now), newest_cycle(now)
    new_cycle = _begins_cycle(change, cycle.segment.sums, first_direction)
    after = Open(
        now.step_number + change.is_step,
        now.cycle_number + new_cycle,
        1 if new_cycle else now.cycle_steps + change.is_step,
        None,
        None if change.is_step else step.segment,
        None if new_cycle else cycle.segment,
        measured(cycle.segment, counter_tolerance)[0].charge_ah if new_cycle else now.previous_charge_ah,
        change.onset if change.is_step else now.onset,
    )
    return after, step if change.is_step else None, cycle if new_cycle else None


def _begins_cycle(change: Change, cycle: Sums, first_direction: int) -> bool:
    """By the cycler's count; without one, when the test's first direction comes back after enough went the other way.

    Pulses would make cycles without that least charge; a rest never does.
    """
    if change.is_counted:
        return change.is_cycle
    if not (change.is_step and change.direction == first_direction != 0):
        return False
    forth, back = cycle.charge_as, cycle.discharge_as
    if first_direction < 0:
        forth, back = back, forth
    return forth > 0.0 and back > 0.0 and back >= BACK_SHARE * forth
