"""A buffer cut into pieces, each of one segment, and on one side of the horizon."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.analytics.direction import CHARGING, DISCHARGING
from pipelines.analytics.integral import add_up, areas, rates, split_edges
from pipelines.analytics.layout import AXIS, CYCLE_COUNT, Booleans, Floats, Integers
from pipelines.analytics.measure import measure
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.steps import changes
from pipelines.analytics.turn import Change


class Piece(NamedTuple):
    """Neighbouring readings of one segment.

    Attributes:
        start: Column of the first one in the buffer.
        change: What begins with that one; `None` when it goes on with the segment of the piece before.
        segment: What the piece shows; its sums are those of the whole segment so far.
    """

    start: int
    change: Change | None
    segment: Segment


def pieces(buffer: Floats, mark: Floats, cut: int, so_far: Segment | None) -> list[Piece]:
    """All pieces of a buffer, in order.

    Args:
        buffer: Readings, at least one beside column 0.
        mark: Of `direction.marks`.
        cut: How many readings are settled; a piece ends there.
        so_far: The open segment; `None` when a test begins with the buffer.
    """
    new_step, new_cycle = changes(buffer, mark)
    if so_far is None:
        new_step[0] = True
    interval_s = buffer[AXIS, 1:] - buffer[AXIS, :-1]
    rate = rates(buffer, mark)
    area = areas(interval_s, rate)
    begins = (new_step | new_cycle).nonzero()[0] + 1
    turns = _turns(buffer, mark, rate, area, begins, new_step, new_cycle) if len(begins) else {}
    starts = sorted({1, *turns, *([cut + 1] if cut < len(new_step) else [])})
    found = [turns.get(start) for start in starts]
    sums = add_up(area, starts, [change is not None for change in found], Sums() if so_far is None else so_far.sums)
    return list(map(Piece, starts, found, measure(buffer, mark, interval_s, starts, found, sums)))


def _turns(
    buffer: Floats,
    mark: Floats,
    rate: Floats,
    area: Floats,
    begins: Integers,
    new_step: Booleans,
    new_cycle: Booleans,
) -> dict[int, Change]:
    """What begins with which column; the areas there become those of the new segments."""
    is_step = new_step[begins - 1]
    held, starts_s = split_edges(buffer, rate, area, begins, is_step)
    made = map(
        Change,
        is_step.tolist(),
        new_cycle[begins - 1].tolist(),
        (~np.isnan(buffer[CYCLE_COUNT, begins])).tolist(),
        (mark[CHARGING, begins] - mark[DISCHARGING, begins]).tolist(),
        map(Sums._make, held.T.tolist()),
        starts_s.tolist(),
    )
    return dict(zip(begins.tolist(), made, strict=True))
