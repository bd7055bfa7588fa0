"""The readings log as a source. An offset is a byte position over the whole partition."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.sources.base import SourceError
from pipelines.sources.log.description import read_description
from pipelines.sources.log.layout import (
    Segment,
    Stretch,
    partition_directory,
    partition_name,
    segments,
    stretch_at,
)
from pipelines.sources.log.lines import Lines, last_newline, next_newline, one_line, split_lines
from schemas import RecordBatch

MODIFIED_TIME_MARGIN_SECOND = 2.0
"""File systems round the time of the last write, the coarsest ones to two seconds."""


class LogSource:
    """Reads a log that others write, also while they do.

    Empty lines are skipped. A last line without a newline is not read until it is whole. A line longer than
    `MAX_BATCH_BYTES` is handed on cut, with its true size. When retention has deleted what a poll asks for, the
    poll goes on at the oldest message there is and says so in ``lost_until``.
    """

    unit = "bytes"
    bounded = False

    def __init__(self, directory: Path) -> None:
        """Look at the log.

        Args:
            directory: Of the log.

        Raises:
            SourceError: There is no log there.
        """
        self._directory = directory
        self._unfinished: dict[str, tuple[int, int]] = {}  # partition: where its last line begins, scanned up to
        self._ends: dict[str, tuple[int, int, int]] = {}  # partition: base, scanned up to, end
        self.partitions()

    def partitions(self) -> tuple[str, ...]:
        """Names of the partitions, as ``log.json`` says now."""
        found = read_description(self._directory)
        return tuple(partition_name(found.id, index) for index in range(found.partitions))

    def begin(self, partition: str) -> int:
        """Position of the oldest byte that is still there."""
        found = self._segments(partition)
        return found[0].base if found else 0

    def end(self, partition: str) -> int:
        """Position behind the newest newline."""
        found = self._segments(partition)
        return self._end_of(partition, found[-1]) if found else 0

    def ends(self) -> dict[str, int]:
        """End of every partition."""
        return {partition: self.end(partition) for partition in self.partitions()}

    def offset_at(self, partition: str, unix_second: float) -> int:
        """Begin of the first segment whose last write is at or after that time; the end when none is."""
        for segment in self._segments(partition):
            with suppress(FileNotFoundError):  # retention was faster
                if segment.path.stat().st_mtime + MODIFIED_TIME_MARGIN_SECOND >= unix_second:
                    return segment.base
        return self.end(partition)

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages from ``offset`` on out of one segment, about ``max_bytes`` and at least one of them.

        Returns:
            `None` when there is no whole message.

        Raises:
            SourceError: The log was made anew, or ends before ``offset``.
        """
        try:
            stretch = stretch_at(self._segments(partition), offset)
            if stretch is None:
                return None
            with _reading(stretch.segment) as descriptor:
                return self._read(descriptor, partition, offset, stretch, max(max_bytes, 1))
        except FileNotFoundError:  # retention was faster; the segment is not listed any more
            return self.poll(partition, offset, max_bytes)

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """A log has no tools that would want to know."""

    def close(self) -> None:
        """Nothing is held open between two polls."""

    def _segments(self, partition: str) -> list[Segment]:
        names = self.partitions()
        if partition not in names:
            raise SourceError(
                f"the log in {self._directory} has no partition {partition}, it was made anew or is another one: "
                "use the store that belongs to it, or a new store."
            )
        return segments(partition_directory(self._directory, names.index(partition)))

    def _read(
        self, descriptor: int, partition: str, offset: int, stretch: Stretch, max_bytes: int
    ) -> RecordBatch | None:
        data = os.pread(descriptor, min(max_bytes, stretch.stop - stretch.start), stretch.start - stretch.segment.base)
        behind = stretch.start + data.rfind(b"\n") + 1
        if stretch.finished and stretch.start + len(data) == stretch.stop:
            behind = stretch.stop
        if behind > stretch.start:
            data = data[: behind - stretch.start]
            lines = split_lines(data if data.endswith(b"\n") else data + b"\n", stretch.start)
            return _batch(partition, offset, stretch.start, behind, lines)
        return self._read_long(descriptor, partition, offset, stretch, stretch.start + len(data))

    def _read_long(
        self, descriptor: int, partition: str, offset: int, stretch: Stretch, scanned: int
    ) -> RecordBatch | None:
        """The first line alone, which is longer than what was asked for."""
        base, start = stretch.segment.base, stretch.start
        known_start, known_scanned = self._unfinished.get(partition, (start, scanned))
        if known_start == start:
            scanned = max(scanned, known_scanned)
        newline = next_newline(descriptor, scanned - base, stretch.stop - base)
        if newline < 0 and not stretch.finished:
            self._unfinished[partition] = start, stretch.stop
            return None
        self._unfinished.pop(partition, None)
        stop = stretch.stop if newline < 0 else base + newline
        line = one_line(descriptor, base, start, stop)
        return _batch(partition, offset, start, min(stop + 1, stretch.stop), line)

    def _end_of(self, partition: str, newest: Segment) -> int:
        base = newest.base
        fresh = base, base, base
        with _reading(newest) as descriptor:
            stop = base + os.fstat(descriptor).st_size
            known_base, scanned, end = self._ends.get(partition, fresh)
            if known_base != base or scanned > stop:  # a new segment, or one that a crash of the machine shortened
                _, scanned, end = fresh
            newline = last_newline(descriptor, scanned - base, stop - base)
        if newline >= 0:
            end = base + newline + 1
        self._ends[partition] = base, stop, end
        return end


def _batch(partition: str, first_offset: int, start: int, next_offset: int, lines: Lines) -> RecordBatch:
    return RecordBatch(
        partition,
        first_offset,
        next_offset,
        time.time(),
        lines.offsets,
        lines.ends,
        lines.sizes,
        lines.payload,
        # Whoever begins at 0 has never read it, and misses nothing that it was to have.
        lost_until=start if 0 < first_offset < start else -1,
    )


@contextmanager
def _reading(segment: Segment) -> Iterator[int]:
    descriptor = os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
