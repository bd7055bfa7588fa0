"""A buffer cut into pieces, each of one segment, and on one side of the horizon."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.analytics.direction import signs
from pipelines.analytics.integral import add_up, areas, rates, split_edges
from pipelines.analytics.layout import CYCLE_COUNT, Booleans, Floats, Integers
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


def pieces(buffer: Floats, active: Booleans, cut: int, so_far: Segment | None) -> list[Piece]:
    """All pieces of a buffer, in order.

    Args:
        buffer: Readings, at least one beside column 0.
        active: Of `direction.active_readings`.
        cut: How many readings are settled; a piece ends there.
        so_far: The open segment; `None` when a test begins with the buffer.
    """
    new_step, new_cycle = changes(buffer, active)
    if so_far is None:
        new_step[0] = True
    fresh = new_step | new_cycle
    starts = _starts(fresh, cut)
    rate = rates(buffer, active)
    area = areas(buffer, rate)
    turns = _turns(buffer, active, rate, area, np.flatnonzero(fresh) + 1, new_step, new_cycle)
    sums = add_up(area, starts, ~fresh[starts - 1], Sums() if so_far is None else so_far.sums)
    starts_s = [turns[start].start_s if start in turns else 0.0 for start in starts.tolist()]
    segments = measure(buffer, active, starts, np.array(starts_s), sums)
    return [Piece(start, turns.get(start), segment) for start, segment in zip(starts.tolist(), segments, strict=True)]


def _starts(fresh: Booleans, cut: int) -> Integers:
    """First columns of the pieces: of the buffer, of each segment, and after the cut."""
    starts = fresh.copy()
    starts[0] = True
    if cut < len(starts):
        starts[cut] = True
    return np.flatnonzero(starts) + 1


def _turns(
    buffer: Floats,
    active: Booleans,
    rate: Floats,
    area: Floats,
    begins: Integers,
    new_step: Booleans,
    new_cycle: Booleans,
) -> dict[int, Change]:
    """What begins with which column; the areas there become those of the new segments."""
    if not len(begins):
        return {}
    is_step = new_step[begins - 1]
    held, starts_s = split_edges(buffer, rate, area, begins, is_step)
    made = map(
        Change,
        is_step.tolist(),
        new_cycle[begins - 1].tolist(),
        (~np.isnan(buffer[CYCLE_COUNT, begins])).tolist(),
        signs(active[:, begins]).tolist(),
        map(Sums._make, held.T.tolist()),
        starts_s.tolist(),
    )
    return dict(zip(begins.tolist(), made, strict=True))
