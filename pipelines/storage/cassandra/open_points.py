"""The newest trace point of each battery.

It changes with every reading, so it lies in a shard, beside what else does. When the next one begins, it is first
written once more, to where the battery's trace is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipelines.storage.cassandra.layout import BATTERIES, NEWEST_POINT
from pipelines.storage.cassandra.records import unpacked
from pipelines.storage.cassandra.shards import Shards
from schemas import TracePoint
from schemas.tables import TRACE

FEW = 16


class OpenPoints:
    """Knows the newest point of each battery that was written, or else asks for it."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._open: dict[str, TracePoint] = {}

    def split(self, points: Sequence[TracePoint]) -> tuple[list[TracePoint], list[TracePoint]]:
        """Sort points by where they are to be written.

        Returns:
            Those that have ended, also ones of earlier bundles, which is the first to know of a newer one; and the
            newest of each battery.

        Raises:
            StoreAwayError: The newest of a battery is not known, and was not answered.
        """
        newest: dict[str, TracePoint] = {}
        for point in points:
            other = newest.setdefault(point.battery_id, point)
            if point.bucket > other.bucket:
                newest[point.battery_id] = point
        before = self._before(newest)
        overtaken = [point for point in before if point.bucket < newest[point.battery_id].bucket]
        for point in before:
            if point.bucket > newest[point.battery_id].bucket:
                newest[point.battery_id] = point
        ended = [point for point in points if point is not newest[point.battery_id]]
        return [*ended, *overtaken], list(newest.values())

    def remember(self, points: Iterable[TracePoint]) -> None:
        """These were written as the newest."""
        self._open.update((point.battery_id, point) for point in points)

    def forget(self) -> None:
        """The store was emptied."""
        self._open.clear()

    def _before(self, battery_ids: Iterable[str]) -> list[TracePoint]:
        known = [self._open[name] for name in battery_ids if name in self._open]
        return [*known, *new_points(self._shards, [name for name in battery_ids if name not in self._open])]


def new_points(shards: Shards, battery_ids: Sequence[str]) -> list[TracePoint]:
    """The newest point of each of the batteries: it lies in the shards only."""
    if len(battery_ids) <= FEW:
        return unpacked(TRACE, shards.of_each(BATTERIES, (NEWEST_POINT,), battery_ids))
    wanted = frozenset(battery_ids)
    return [point for point in all_new_points(shards) if point.battery_id in wanted]


def all_new_points(shards: Shards) -> list[TracePoint]:
    """Of all batteries."""
    return unpacked(TRACE, shards.of_all(BATTERIES, (NEWEST_POINT,)))


def merged(*found: Iterable[TracePoint]) -> list[TracePoint]:
    """One point of each bucket, the newest, in no order."""
    points: defaultdict[tuple[str, int], list[TracePoint]] = defaultdict(list)
    for point in (point for part in found for point in part):
        points[point.battery_id, point.bucket].append(point)
    return [max(same, key=lambda point: (point.time_second, point.revision)) for same in points.values()]
