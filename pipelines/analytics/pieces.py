"""A buffer cut into pieces, each of one segment, and on one side of the horizon."""

from __future__ import annotations

from math import isnan

from pipelines.analytics.counters import counted
from pipelines.analytics.direction import Currents, sign
from pipelines.analytics.integral import Flow, add_up, edge_s, flow, intervals_s, share, with_gaps
from pipelines.analytics.layout import AXIS, CYCLE_COUNT, Floats
from pipelines.analytics.measure import measure
from pipelines.analytics.onset import Onset, onset
from pipelines.analytics.segment import Segment, Sums
from pipelines.analytics.spans import Span, spans
from pipelines.analytics.steps import Beginning, beginnings
from pipelines.analytics.turn import Change


def pieces(
    buffer: Floats, currents: Currents, cut: int, so_far: Segment | None, gap_s: float
) -> list[tuple[Span, Segment]]:
    """All pieces of a buffer, in order, with what each of them shows; its sums are those of its segment so far.

    Args:
        buffer: Readings, at least one beside column 0.
        currents: Of the buffer.
        cut: How many readings are settled; a piece ends there.
        so_far: The open segment; `None` when a test begins with the buffer.
        gap_s: A longer interval is a gap [s].
    """
    interval_s = intervals_s(buffer)
    begins = beginnings(buffer, currents.mark)
    counters = counted(buffer, [begin.column for begin in begins if begin.is_step])
    moved = flow(buffer, currents, interval_s, counters)
    if so_far is None:
        begins = [Beginning(1, True, True), *begins]
    changes = {begin.column: _change(buffer, currents, moved, begin, gap_s) for begin in begins}
    found = spans(changes, cut, buffer.shape[1])
    sums = add_up(with_gaps(moved, interval_s, gap_s), found, Sums() if so_far is None else so_far.sums)
    return list(zip(found, measure(buffer, currents.mark, interval_s, found, sums, counters), strict=True))


def _change(buffer: Floats, currents: Currents, moved: Flow, begin: Beginning, gap_s: float) -> Change:
    """A step gets its share of the interval before it; a cycle that begins inside a step gets all of that."""
    column, is_step = begin.column, begin.is_step
    start_s = edge_s(buffer, column) if is_step else float(buffer[AXIS, column - 1])
    held = share(buffer, moved, column, start_s, gap_s) if is_step else Sums()
    is_counted = not isnan(buffer[CYCLE_COUNT, column])
    began = onset(buffer, column, start_s, currents.peak_a(column)) if is_step else Onset()
    return Change(is_step, begin.is_cycle, is_counted, sign(currents.mark[:, column]), held, start_s, began)
