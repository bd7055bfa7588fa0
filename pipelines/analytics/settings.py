"""The few numbers the analysis can be asked to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How long to wait for readings out of order, how much of the past to draw, what counts as no current.

    Attributes:
        horizon_second: A reading this much older than the newest is late; on the battery's own time axis [s].
        horizon_readings: So is one older than this many others; bounds the state.
        trace_interval_second: Width of a bucket of the trace [s].
        gap_second: What was charged or discharged over an interval longer than this is told as bridged [s].
        counter_tolerance: A counter that is further from the integral than this share of the greater one is broken.
        rest_threshold: A current up to this share of the largest one seen so far is rest.
    """

    horizon_second: float = 30.0
    horizon_readings: int = 64
    trace_interval_second: float = 30.0
    gap_second: float = 600.0
    counter_tolerance: float = 0.5
    rest_threshold: float = 1e-3

    def __post_init__(self) -> None:
        if not (self.horizon_second >= 0.0 and self.horizon_readings >= 0):
            raise ValueError(f"a horizon cannot be negative: {self.horizon_second} s, {self.horizon_readings} readings")
        if not self.trace_interval_second > 0.0:
            raise ValueError(f"trace_interval_second must be above 0, not {self.trace_interval_second}")
        if not (self.gap_second > 0.0 and self.counter_tolerance > 0.0):
            raise ValueError(f"must be above 0: gap_second {self.gap_second}, tolerance {self.counter_tolerance}")
        if not 0.0 <= self.rest_threshold < 1.0:
            raise ValueError(f"rest_threshold must be in [0, 1), not {self.rest_threshold}")
