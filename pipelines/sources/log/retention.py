"""Which segments of a log may go."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipelines.sources.log.layout import segments


class MeasuredSegment(NamedTuple):
    """A segment: time of its last write [unix s], position, file and size [byte]; sorts oldest first."""

    modified_unix_second: float
    base: int
    path: Path
    size: int


def expire(partitions: Iterable[Path], before_unix_second: float | None, max_bytes: int | None) -> int:
    """Delete finished segments, the oldest first; never a partition's newest.

    Args:
        partitions: Directories of the partitions.
        before_unix_second: Delete those last written before this; `None`: none for their age.
        max_bytes: Delete until all segments together are not larger than this; `None`: none for their size.

    Returns:
        How many were deleted.
    """
    old: list[MeasuredSegment] = []
    total = 0
    for partition in partitions:
        measured = _measured(partition)
        total += sum(segment.size for segment in measured)
        old += measured[:-1]
    deleted = 0
    for segment in sorted(old):
        too_old = before_unix_second is not None and segment.modified_unix_second < before_unix_second
        if too_old or (max_bytes is not None and total > max_bytes):
            segment.path.unlink(missing_ok=True)
            total -= segment.size
            deleted += 1
    return deleted


def _measured(partition: Path) -> list[MeasuredSegment]:
    measured = []
    for base, path in segments(partition):
        with suppress(FileNotFoundError):  # another writer of the log was faster
            found = path.stat()
            measured.append(MeasuredSegment(found.st_mtime, base, path, found.st_size))
    return measured
