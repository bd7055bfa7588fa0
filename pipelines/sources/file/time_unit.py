"""The unit of times that no header tells, by the wall clock beside them."""

from __future__ import annotations

import numpy as np

from pipelines.sources.cyclers.numbers import Floats

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_NEAR_ENOUGH = 1.5
_SHORTEST_SPAN_S = 5.0
_MOST_STRETCHES = 10


def unit_by_clock(time: Floats, clock: Floats) -> str | None:
    """The unit in which a time agrees best with a clock beside it; `None` when it agrees with none.

    They are compared over several stretches, of which the median is taken: a test that was paused has a clock that
    went on alone.

    Args:
        time: In that unit, shape (n,).
        clock: Unix time, shape (n,) [s].
    """
    known = np.flatnonzero(np.isfinite(time) & np.isfinite(clock))
    if not len(known):
        return None
    span = clock[known[-1]] - clock[known[0]]
    if span < _SHORTEST_SPAN_S:
        return None
    stretches = min(int(span / _SHORTEST_SPAN_S), _MOST_STRETCHES)
    edges = known[np.unique(np.linspace(0, len(known) - 1, stretches + 1).astype(int))]
    elapsed, spans = np.diff(time[edges]), np.diff(clock[edges])
    forward = (elapsed > 0) & (spans > 0)
    if not forward.any():
        return None
    ratio = np.quantile(spans[forward] / elapsed[forward], 0.5, method="lower")  # of two the one without the pause
    off = {unit: abs(np.log(ratio / seconds)) for unit, seconds in _SECONDS.items()}
    nearest = min(off, key=lambda unit: off[unit])
    return nearest if off[nearest] < np.log(_NEAR_ENOUGH) else None
