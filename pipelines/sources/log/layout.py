"""Where everything of a readings log lies, and what it is called.

    DIR/log.json                                        {"id": "5f0c...", "partitions": 4, "version": 1}
    DIR/partition-03/00000000000000000000.jsonl         the first segment: messages, one a line
    DIR/partition-03/00000000000067108731.jsonl         the next, named by the position of its first byte
    DIR/partition-03/lock                               who writes here

A position counts bytes over the whole partition, whichever segment they are in. Only the newest segment grows;
one that has a successor is finished, and bytes that somebody adds to it afterwards are not read.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

from pipelines.sources.base import SourceError

SEGMENT_NAME = re.compile(r"(\d{20})\.jsonl")
LOCK_NAME = "lock"


class Segment(NamedTuple):
    """One file of a partition; ``base`` is the position of its first byte."""

    base: int
    path: Path


class Stretch(NamedTuple):
    """Bytes that can be read in one file.

    Attributes:
        segment: The file.
        start: Position of the first of them.
        stop: Position behind the last.
        finished: True when the segment has a successor, so that its last line is whole even without a newline.
    """

    segment: Segment
    start: int
    stop: int
    finished: bool


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a battery, for all producers alike: CRC-32 of the key modulo the number of partitions."""
    return zlib.crc32(key) % partitions


def partition_directory(directory: Path, index: int) -> Path:
    """Where the segments of partition ``index`` are."""
    return directory / f"partition-{index:02d}"


def partition_name(log_id: str, index: int) -> str:
    """Name of a partition for offsets: a log made anew has other names."""
    return f"log:{log_id}/{index:02d}"


def segment_path(partition: Path, base: int) -> Path:
    """File of the segment that begins at position ``base``."""
    return partition / f"{base:020d}.jsonl"


def segments(partition: Path) -> list[Segment]:
    """The segments there are now, oldest first; none when the directory is not there yet."""
    if not partition.is_dir():
        return []
    found = ((SEGMENT_NAME.fullmatch(path.name), path) for path in partition.iterdir())
    return sorted(Segment(int(match[1]), path) for match, path in found if match)


def stretch_at(found: list[Segment], position: int) -> Stretch | None:
    """The bytes from ``position`` to the end of the segment it is in.

    A position before the oldest segment goes on at the oldest; one in a hole between two goes on behind it.

    Returns:
        `None` when there is no segment and the position is 0.

    Raises:
        SourceError: The position is behind the end of the log.
        FileNotFoundError: Retention took the segment away meanwhile: list the segments again.
    """
    index = max(bisect_right(found, position, key=lambda segment: segment.base) - 1, 0)
    for place in range(index, len(found)):
        segment, finished = found[place], place + 1 < len(found)
        stop = segment.base + segment.path.stat().st_size
        if finished:
            stop = min(stop, found[place + 1].base)
        if position < stop or not finished:
            return _checked(Stretch(segment, max(position, segment.base), stop, finished), position)
    if position > 0:
        raise _behind_the_end(position, 0)
    return None


def _checked(stretch: Stretch, position: int) -> Stretch:
    if stretch.start > stretch.stop:
        raise _behind_the_end(position, stretch.stop)
    return stretch


def _behind_the_end(position: int, end: int) -> SourceError:
    return SourceError(
        f"the log ends at byte {end}, before the committed byte {position}: its files were cut or replaced; "
        "bring them back, or start again from an empty log and a reset store."
    )
