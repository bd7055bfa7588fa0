"""The trace of a battery."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from pipelines.storage.cassandra.layout import BATTERIES, NEWEST_POINT, POINTS, shard_of
from pipelines.storage.cassandra.open_points import all_new_points, merged, new_points
from pipelines.storage.cassandra.records import records, select_records
from pipelines.storage.cassandra.session import CassandraSession
from pipelines.storage.cassandra.shards import Shards
from pipelines.storage.cassandra.spans import Span, Spans
from pipelines.storage.cassandra.statements import delete, delete_before, equal, select
from schemas import TracePoint
from schemas.tables import TRACE

FEW = 64
"""So many newest points are asked for first: who looks on every second has the others."""

Key = tuple[str, int]


class Points:
    """Reads trace points, and deletes old ones."""

    def __init__(self, session: CassandraSession, shards: Shards) -> None:
        keyspace = session.place.keyspace
        of_span = equal(POINTS.partition)
        self._session, self._shards = session, shards
        self._spans = Spans(session, POINTS)
        self._all = select_records(keyspace, POINTS, of_span)
        self._newest = f"{self._all} ORDER BY bucket DESC LIMIT {FEW}"
        self._times = select(keyspace, POINTS, ("bucket", "time_second"), where=of_span)
        self._oldest = f"{self._times} LIMIT 1"
        self._delete = delete(keyspace, POINTS, f"{of_span} AND bucket <= ?")
        of_battery = equal((*BATTERIES.partition, *BATTERIES.clustering))
        self._delete_new = delete_before(keyspace, BATTERIES, of_battery, (NEWEST_POINT,))

    def after(self, battery_id: str, second: float) -> list[TracePoint]:
        """Those of a battery after that time on its axis, by time."""
        found = merged(self._ended(battery_id, second), new_points(self._shards, [battery_id]))
        wanted = [point for point in found if point.time_second > second]
        return sorted(wanted, key=lambda point: (point.time_second, point.bucket))

    def expire(self, before_second: Mapping[str, float]) -> int:
        """Delete the points of each battery before a time on its axis; returns how many."""
        gone = self._expire_ended(before_second)
        return len(gone | self._expire_new(before_second))

    def _ended(self, battery_id: str, second: float) -> list[TracePoint]:
        """At least those after ``second``."""
        spans = self._spans.of(battery_id)
        if spans and second > float("-inf"):
            newest = records(TRACE, self._session.ask(self._newest, spans[-1].key))
            if any(point.time_second <= second for point in newest):
                return newest
        answers = self._session.ask_all((self._all, span.key) for span in spans)
        return [point for rows in answers for point in records(TRACE, rows)]

    def _expire_ended(self, before_second: Mapping[str, float]) -> set[Key]:
        spans = self._with_old([span for span in self._spans.all() if span.name in before_second], before_second)
        answers = self._session.ask_all((self._times, span.key) for span in spans)
        # Times rise with the buckets.
        buckets = [
            [bucket for bucket, _ in takewhile(lambda row, at=before_second[span.name]: row[1] < at, rows)]  # type: ignore[misc]
            for span, rows in zip(spans, answers, strict=True)
        ]
        self._session.ask_all((self._delete, (*span.key, gone[-1])) for span, gone in zip(spans, buckets, strict=True))
        return {(span.name, bucket) for span, gone in zip(spans, buckets, strict=True) for bucket in gone}

    def _with_old(self, spans: list[Span], before_second: Mapping[str, float]) -> list[Span]:
        """Spans whose oldest point is old; forgets those that have none any more."""
        oldest = list(zip(spans, self._session.ask_all((self._oldest, span.key) for span in spans), strict=True))
        # Into the newest span of a battery more will be written.
        newest = {span.name: span for span in spans}
        self._spans.forget(span for span, rows in oldest if not rows and newest[span.name] != span)
        return [span for span, rows in oldest if rows and rows[0][1] < before_second[span.name]]

    def _expire_new(self, before_second: Mapping[str, float]) -> set[Key]:
        found = all_new_points(self._shards)
        old = [point for point in found if point.time_second < before_second.get(point.battery_id, float("-inf"))]
        # Not under the time of now: a newer point in the same place may be written under an earlier one.
        self._session.ask_all(
            (self._delete_new, (row.revision, shard_of(row.battery_id), row.battery_id)) for row in old
        )
        return {(point.battery_id, point.bucket) for point in old}
