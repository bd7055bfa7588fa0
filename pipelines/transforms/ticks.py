"""The clock of a live run: a tick for every partition, again and again, until the run is to end.

A splittable DoFn that waits inside ``process``: the embedded runner ignores the delay of a deferred remainder, so
waiting outside of it would spin. Everything it keeps is one integer, so no coder has to pickle anything.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker, WatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Timestamp

from pipelines.transforms.resources import SourceDoFn

END_OF_RUN = threading.Event()
"""Set by whoever runs the graph in this process: the next tick is the last."""

_DONE = -1


class _TickTracker(RestrictionTracker):
    """Restriction n: "tick n, and all after it"; `_DONE` when nothing is left."""

    def __init__(self, tick: int) -> None:
        self._tick = tick
        self._claimed = False

    def current_restriction(self) -> int:
        return self._tick

    def current_progress(self) -> RestrictionProgress:
        return RestrictionProgress(completed=1.0 if self._claimed else 0.0, remaining=1.0)

    def try_claim(self, position: int) -> bool:
        if position == _DONE:
            self._tick = _DONE
            return False
        self._claimed = self._tick == position
        return self._claimed

    def try_split(self, fraction_of_remainder: float) -> tuple[int, int] | None:
        """Only behind the claimed tick: the rest is one unending sequence."""
        if not self._claimed or self._tick == _DONE:
            return None
        rest = self._tick + 1
        self._tick = _DONE
        return _DONE, rest

    def check_done(self) -> bool:
        if self._tick != _DONE:
            message = f"tick {self._tick} was neither made nor handed on"
            raise ValueError(message)
        return True

    def is_bounded(self) -> bool:
        return False


class _TickRestriction(RestrictionProvider):
    def initial_restriction(self, element: bytes) -> int:
        return 0

    def create_tracker(self, restriction: int) -> _TickTracker:
        return _TickTracker(restriction)

    def restriction_size(self, element: bytes, restriction: int) -> float:
        return 1.0

    def split(self, element: bytes, restriction: int) -> Iterator[int]:
        yield restriction

    def truncate(self, element: bytes, restriction: int) -> None:
        return None

    def restriction_coder(self) -> VarIntCoder:
        return VarIntCoder()


class _NoWatermark(WatermarkEstimator):
    """Results never depend on the watermark, so it stays where it is until the run ends."""

    def current_watermark(self) -> Timestamp:
        return MIN_TIMESTAMP

    def get_estimator_state(self) -> int:
        return 0

    def observe_timestamp(self, timestamp: Timestamp) -> None:
        """Nothing to learn from it."""


class _NoWatermarkProvider(WatermarkEstimatorProvider):
    def initial_estimator_state(self, element: bytes, restriction: int) -> int:
        return 0

    def create_watermark_estimator(self, estimator_state: int) -> _NoWatermark:
        return _NoWatermark()

    def estimator_state_coder(self) -> VarIntCoder:
        return VarIntCoder()


class Ticks(SourceDoFn):
    """Emit (partition, empty) for every partition there is, at most every ``tick_second``.

    The partitions are looked up at each tick. Ticks carry timestamps that grow, so that a runner that orders by
    time keeps their order.
    """

    def __init__(self, source_url: str, tick_second: float) -> None:
        super().__init__(source_url)
        self._tick_second = tick_second
        self._last = 0.0

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: bytes,
        tracker: Any = beam.DoFn.RestrictionParam(_TickRestriction()),
        estimator: Any = beam.DoFn.WatermarkEstimatorParam(_NoWatermarkProvider()),
    ) -> Iterator[TimestampedValue]:
        tick = tracker.current_restriction()
        # Busy runs do not wait at all: the bundle before took longer than a tick.
        END_OF_RUN.wait(max(0.0, self._last + self._tick_second - time.monotonic()))
        if END_OF_RUN.is_set():
            tracker.try_claim(_DONE)
            return
        if not tracker.try_claim(tick):
            return
        self._last = time.monotonic()
        for partition in self.source.partitions():
            yield TimestampedValue((partition, b""), Timestamp(micros=tick))
        tracker.defer_remainder()
