"""The chosen battery: its cycles and its thinned recent past."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import CycleRow, TracePoint

CYCLES_SHOWN = 2
MAX_POINTS = 20_000


class WatchedCell:
    """What the feed keeps of a battery that somebody looks at.

    Attributes:
        battery_id: Which.
        cycles: Its cycle rows by number.
        points: Trace of its last two cycles, by time.
        dropped: Points that were in front of ``points`` before: ``dropped + k`` numbers point k for good.
    """

    def __init__(self, battery_id: str) -> None:
        self.battery_id = battery_id
        self.cycles: dict[int, CycleRow] = {}
        self.points: list[TracePoint] = []
        self.dropped = 0

    @property
    def newest_second(self) -> float:
        """Battery time of the newest point, minus infinity before the first [s]."""
        return self.points[-1].time_second if self.points else float("-inf")

    def add_cycles(self, rows: Sequence[CycleRow]) -> None:
        """Newer rows of its cycles."""
        self.cycles.update((row.cycle_number, row) for row in rows)

    def add_points(self, points: Sequence[TracePoint]) -> None:
        """Newer points; one in the bucket of the newest replaces it."""
        if points and self.points and points[0].bucket == self.points[-1].bucket:
            self.points.pop()
        self.points.extend(points)
        self._forget()

    def _forget(self) -> None:
        if not self.points:
            return
        oldest_cycle = self.points[-1].cycle_number - CYCLES_SHOWN + 1
        keep_from = next(k for k, point in enumerate(self.points) if point.cycle_number >= oldest_cycle)
        keep_from = max(keep_from, len(self.points) - MAX_POINTS)
        del self.points[:keep_from]
        self.dropped += keep_from
