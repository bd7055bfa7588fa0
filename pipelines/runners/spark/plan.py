"""What one bounded run reads: from where the store stands, on to what there is, and no more than memory bears."""

from __future__ import annotations

from pipelines.runners.status import behind
from pipelines.sources import Source
from pipelines.storage import Store
from pipelines.transforms.read_range import Range

RUN_BYTES = 64 * 1024 * 1024
"""How much a run reads at most, of all partitions together: executors hold the readings of it in memory."""
LEAST_RANGE_BYTES = 64 * 1024


def plan(source: Source, store: Store, most_bytes: int = RUN_BYTES) -> tuple[Range, ...]:
    """Ranges of all partitions that hold something new, each with the same share of a run; none when nothing is new.

    A reading takes at least some fifty bytes in any format, so that ``most_bytes`` bounds the readings, too.

    Raises:
        SourceAwayError, StoreAwayError: One of them does not answer.
    """
    committed = store.committed()
    partitions = sorted(behind(committed, source.ends()))
    share = max(LEAST_RANGE_BYTES, most_bytes // max(1, len(partitions)))
    starts = {name: committed[name].offset if name in committed else 0 for name in partitions}
    return tuple(Range(name, start, share) for name, start in starts.items())
