"""The unit of times that no header tells, by the wall clock beside them."""

from __future__ import annotations

import numpy as np

from pipelines.sources.cyclers.numbers import Floats

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_NEAR_ENOUGH = 1.5
_SHORTEST_SPAN_S = 5.0


def unit_by_clock(time: Floats, clock: Floats) -> str | None:
    """The unit in which a time agrees best with a clock beside it; `None` when it agrees with none.

    Args:
        time: In that unit, shape (n,).
        clock: Unix time, shape (n,) [s].
    """
    known = np.flatnonzero(np.isfinite(time) & np.isfinite(clock))
    if not len(known):
        return None
    first, last = known[0], known[-1]
    elapsed, span = time[last] - time[first], clock[last] - clock[first]
    if span < _SHORTEST_SPAN_S or elapsed <= 0:
        return None
    off = {unit: abs(np.log(span / elapsed / seconds)) for unit, seconds in _SECONDS.items()}
    nearest = min(off, key=lambda unit: off[unit])
    return nearest if off[nearest] < np.log(_NEAR_ENOUGH) else None
