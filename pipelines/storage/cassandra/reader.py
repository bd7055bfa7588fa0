"""The reading side of a Cassandra store."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.storage.base import Totals
from pipelines.storage.cassandra.layout import LATES, LETTERS
from pipelines.storage.cassandra.numbered import CYCLE_ROWS, STEP_ROWS, Numbered
from pipelines.storage.cassandra.points import Points
from pipelines.storage.cassandra.refused import Refused
from pipelines.storage.cassandra.session import CassandraSession, connect
from pipelines.storage.cassandra.shards import Shards
from pipelines.storage.cassandra.standing import find_standing
from pipelines.storage.order import by_battery_and_time, newest_first
from pipelines.storage.url import StoreUrl
from pipelines.storage.versions import refuse_other_version
from schemas import BatteryRow, CycleRow, DeadLetter, LateReading, StepRow, TracePoint


class CassandraReader:
    """Reads a store. Rows of one call may be of different moments; each row is whole.

    A call that gets no answer within some seconds raises `StoreAwayError`; the next one finds the nodes again by
    itself when they are back.
    """

    def __init__(self, session: CassandraSession) -> None:
        self._session = session
        self._shards = Shards(session)
        self._cycles = Numbered(session, CYCLE_ROWS, self._shards)
        self._steps = Numbered(session, STEP_ROWS, self._shards)
        self._points = Points(session, self._shards)
        self._late = Refused(session, LATES, "battery_id")
        self._letters = Refused(session, LETTERS, "reason")

    def batteries(self) -> list[BatteryRow]:
        """All batteries, by identifier."""
        return self._shards.batteries()

    def cycles(self, since: Mapping[str, int] | None = None) -> list[CycleRow]:
        """Cycles by battery and number: all, or of each battery in ``since`` those from that number on."""
        return self._cycles.all() if since is None else self._cycles.since(since)

    def steps(self, since: Mapping[str, int] | None = None) -> list[StepRow]:
        """Steps by battery and number, chosen as in `cycles`."""
        return self._steps.all() if since is None else self._steps.since(since)

    def trace(self, battery_id: str, after_second: float = float("-inf")) -> list[TracePoint]:
        """The battery's trace points with ``time_second`` over ``after_second``, by time."""
        return self._points.after(battery_id, after_second)

    def late(self, battery_id: str | None = None) -> list[LateReading]:
        """Late readings by battery and time."""
        found = self._late.all() if battery_id is None else self._late.of(battery_id)
        return sorted(found, key=by_battery_and_time)

    def dead_letters(self, limit: int | None = None) -> list[DeadLetter]:
        """Dead letters, the newest arrival first."""
        if limit is None:
            return sorted(self._letters.all(), key=newest_first)
        return self._letters.newest(limit, newest_first) if limit > 0 else []

    def dead_letter_counts(self) -> dict[str, int]:
        """How many dead letters there are for each reason."""
        return self._letters.counts()

    def totals(self) -> Totals:
        """Counts, from the rows of the batteries and from what has changed among the dead letters."""
        counts = self._shards.counts()
        return Totals(
            counts.batteries,
            counts.cycles,
            counts.readings,
            counts.duplicates,
            counts.late,
            sum(self._letters.counts().values()),
            counts.newest_arrival_unix_second,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()


def open_cassandra_reader(url: StoreUrl) -> CassandraReader:
    """The reading side of the store.

    Raises:
        StoreAwayError: No node answers.
        StoreError: There is no store of this version, or the nodes refuse us; the message says what to do.
    """
    session = connect(url)
    try:
        standing = find_standing(session)
        refuse_other_version(None if standing is None else standing.schema_version, url)
    except BaseException:
        session.close()
        raise
    return CassandraReader(session)
