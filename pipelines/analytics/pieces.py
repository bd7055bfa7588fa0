"""A buffer cut into pieces, each of one segment, and on one side of the horizon."""

from __future__ import annotations

from math import isnan

import msgspec

from pipelines.analytics.direction import Currents, sign
from pipelines.analytics.integral import Flow, add_up, edge_s, flow, share
from pipelines.analytics.layout import AXIS, CYCLE_COUNT, Floats
from pipelines.analytics.measure import measure
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.steps import Beginning, beginnings
from pipelines.analytics.turn import Change


class Piece(msgspec.Struct, frozen=True):
    """Neighbouring readings of one segment.

    Attributes:
        start: Column of the first one in the buffer.
        change: What begins with that one; `None` when it goes on with the segment of the piece before.
        segment: What the piece shows; its sums are those of the whole segment so far.
    """

    start: int
    change: Change | None
    segment: Segment


def pieces(buffer: Floats, currents: Currents, cut: int, so_far: Segment | None) -> list[Piece]:
    """All pieces of a buffer, in order.

    Args:
        buffer: Readings, at least one beside column 0.
        currents: Of the buffer.
        cut: How many readings are settled; a piece ends there.
        so_far: The open segment; `None` when a test begins with the buffer.
    """
    interval_s = buffer[AXIS, 1:] - buffer[AXIS, :-1]
    moved = flow(buffer, currents, interval_s)
    begins = beginnings(buffer, currents.mark)
    if so_far is None:
        begins = [Beginning(1, True, True), *begins]
    turns = {begin.column: _change(buffer, currents.mark, moved, begin) for begin in begins}
    starts = sorted({1, *turns, *([cut + 1] if cut < len(interval_s) else [])})
    found = [turns.get(start) for start in starts]
    sums = add_up(moved, starts, [change is not None for change in found], Sums() if so_far is None else so_far.sums)
    return list(map(Piece, starts, found, measure(buffer, currents.mark, interval_s, starts, found, sums)))


def _change(buffer: Floats, mark: Floats, moved: Flow, begin: Beginning) -> Change:
    """A step gets its share of the interval before it; a cycle that begins inside a step gets all of that."""
    column, is_step = begin.column, begin.is_step
    start_s = edge_s(buffer, column) if is_step else float(buffer[AXIS, column - 1])
    held = share(buffer, moved, column, start_s) if is_step else Sums()
    is_counted = not isnan(buffer[CYCLE_COUNT, column])
    return Change(is_step, begin.is_cycle, is_counted, sign(mark[:, column]), held, start_s)
