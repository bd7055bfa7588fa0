"""What a run says about itself, read from store and source, on whatever runner it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.sources import Source
from pipelines.storage import Store, Totals
from schemas import CommittedOffset


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One look at a run.

    Attributes:
        totals: What is in the store.
        readings_per_second: Readings that came into the store since the look before, by time.
        lag: What the source holds and the store does not, in ``lag_unit``.
        lag_unit: "bytes", "rows" or "messages".
        data_age_second: Time since the newest reading in the store arrived; NaN when there is none.
        trouble: What is away now, for people; empty when nothing is.
    """

    totals: Totals
    readings_per_second: float
    lag: int
    lag_unit: str
    data_age_second: float
    trouble: str = ""


class StatusWatch:
    """Looks at a run again and again; keeps the look before, for the rate."""

    def __init__(self, source: Source, store: Store) -> None:
        self._source = source
        self._store = store
        self._before: tuple[float, int] | None = None

    def look(self, now_unix_second: float) -> RunStatus:
        """The status now; tells the source, too, how far it was read.

        Raises:
            SourceAwayError, StoreAwayError: One of them does not answer.
        """
        totals = self._store.totals()
        committed = self._store.committed()
        self._source.report_committed({name: row.offset for name, row in committed.items()})
        # All that was taken in: a run that only sees duplicates is not idle.
        taken = totals.readings + totals.duplicates + totals.late + totals.dead_letters
        then, taken_then = self._before or (now_unix_second, taken)
        self._before = (now_unix_second, taken)
        passed = now_unix_second - then
        return RunStatus(
            totals,
            (taken - taken_then) / passed if passed > 0 else 0.0,
            sum(behind(committed, self._source.ends()).values()),
            self._source.unit,
            now_unix_second - totals.newest_arrival_unix_second,
        )


def behind(committed: Mapping[str, CommittedOffset], ends: Mapping[str, int]) -> dict[str, int]:
    """How far each partition's committed offset is below ``ends``; partitions that are done are left out."""
    found = {}
    for partition, end in ends.items():
        offset = committed[partition].offset if partition in committed else 0
        if offset < end:
            found[partition] = end - offset
    return found
