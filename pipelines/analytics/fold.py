"""One pass over ordered readings: from what was settled to what is settled now, and to the newest reading.

The buffer is measured in pieces, all of them at once (`pieces`); a short loop over these then closes and numbers
steps and cycles (`turn`).
"""

from __future__ import annotations

import msgspec

from pipelines.analytics.direction import currents, first_active, sign
from pipelines.analytics.layout import Floats
from pipelines.analytics.pieces import pieces
from pipelines.analytics.segment import Segment, join
from pipelines.analytics.settings import Settings
from pipelines.analytics.state import Open, Settled
from pipelines.analytics.turn import Cycle, Step, turn


class Folded(msgspec.Struct, frozen=True):
    """What became of a buffer of readings.

    Attributes:
        settled: At the cut.
        newest: The step and the cycle of the last reading.
        direction: Of the last reading, or of the one in column 0 when there is no other, as in `direction.sign`.
        steps: Those that ended, with the column of the reading that begins the next one.
        cycles: Likewise.
        cycle_numbers: The column each piece starts at, with the number of its cycle.
    """

    settled: Settled
    newest: Open
    direction: int
    steps: list[tuple[Step, int]]
    cycles: list[tuple[Cycle, int]]
    cycle_numbers: list[tuple[int, int]]


def fold(settled: Settled, buffer: Floats, cut: int, settings: Settings) -> Folded:
    """Fold the readings of a buffer.

    Args:
        settled: What they follow.
        buffer: Readings in order; column 0 is the last one settled (`layout`).
        cut: How many of them are settled now.
        settings: The rest threshold counts here.
    """
    meant = currents(buffer, settled.peak_a, settings.rest_threshold)
    first, since = first_active(meant.mark, settled.first_direction)
    at_cut = now = settled.open
    steps: list[tuple[Step, int]] = []
    cycles: list[tuple[Cycle, int]] = []
    cycle_numbers: list[tuple[int, int]] = []
    for span, piece in pieces(buffer, meant, cut, now.segment, settings.gap_second) if buffer.shape[1] > 1 else ():
        start = span.start
        if span.change is not None:
            now, step, cycle = turn(now, span.change, first if since <= start else 0, settings.counter_tolerance)
            steps.extend([(step, start)] if step is not None else [])
            cycles.extend([(cycle, start)] if cycle is not None else [])
        now = _with(now, piece)
        cycle_numbers.append((start, now.cycle_number))
        at_cut = now if start <= cut else at_cut
    if cut:
        settled = Settled(buffer[:, cut].copy(), meant.peak_a(cut), first if since <= cut else 0, at_cut)
    return Folded(settled, now, sign(meant.mark[:, -1]), steps, cycles, cycle_numbers)


def _with(now: Open, piece: Segment) -> Open:
    """The piece goes on with the open segment, whose sums it carries, or begins one."""
    segment = piece if now.segment is None else join(now.segment, piece, piece.sums)
    return Open(
        now.step_number,
        now.cycle_number,
        now.cycle_steps,
        segment,
        now.step_closed,
        now.cycle_closed,
        now.previous_charge_ah,
        now.onset,
    )
