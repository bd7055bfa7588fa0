"""What a run says about itself, as one line for people."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it would load Beam
    from pipelines.runners.status import RunStatus

BYTES = "bytes"


def status_line(status: RunStatus) -> str:
    """What is away, rate, lag, age, and how much there is."""
    totals = status.totals
    parts = [
        f"{status.readings_per_second:,.0f} readings/s",
        f"lag {amount(status.lag, status.lag_unit)}",
        f"data age {age(status.data_age_second)}",
        f"{totals.batteries:,} batteries",
        f"{totals.cycles:,} cycles",
        f"{totals.dead_letters:,} dead letters",
    ]
    return " · ".join([status.trouble, *parts] if status.trouble else parts)


def amount(count: float, unit: str) -> str:
    """A count with its unit; bytes in steps of 1000."""
    if unit != BYTES:
        return f"{count:,.0f} {unit}"
    for prefix in ("", "k", "M"):
        if count < 1000.0:
            return f"{count:.3g} {prefix}B"
        count /= 1000.0
    return f"{count:,.3g} GB"


def age(second: float) -> str:
    """A time span in its largest units; "unknown" for NaN."""
    if isnan(second):
        return "unknown"
    if second < 60.0:
        return f"{second:.1f} s"
    minutes, seconds = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"
