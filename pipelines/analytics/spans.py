"""Where a buffer is cut: at the horizon, and where a segment begins."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import msgspec

from pipelines.analytics.turn import Change


class Span(msgspec.Struct, frozen=True):
    """Neighbouring readings of one segment, on one side of the horizon.

    Attributes:
        start: Column of the first one in the buffer.
        stop: Column behind the last one.
        change: What begins with the first one; `None` when it goes on with the segment of the span before.
    """

    start: int
    stop: int
    change: Change | None


def spans(changes: Mapping[int, Change], cut: int, columns: int) -> list[Span]:
    """All spans of a buffer, in order.

    Args:
        changes: By the column they happen at.
        cut: How many readings are settled; a span ends there.
        columns: Of the buffer, at least 2; column 0 is in no span.
    """
    edges = sorted({1, cut + 1, *changes, columns})
    return [Span(start, stop, changes.get(start)) for start, stop in pairwise(edges)]
