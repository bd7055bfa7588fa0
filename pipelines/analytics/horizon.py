"""How long readings out of order are waited for."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.analytics.layout import Floats
from pipelines.analytics.settings import Settings


def limit_after(limit_s: float, times_s: Floats | Sequence[float], settings: Settings) -> float:
    """The time up to which everything is settled; it never goes back [s].

    Args:
        limit_s: What it was.
        times_s: Of all readings that are not settled by then, at least one, in order, on the battery's axis [s].
        settings: The horizon, in time and in readings.
    """
    limit_s = max(limit_s, float(times_s[-1]) - settings.horizon_second)
    if len(times_s) > settings.horizon_readings:
        limit_s = max(limit_s, float(times_s[-1 - settings.horizon_readings]))
    return limit_s
