"""The writing end of one partition."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.sources.log.layout import Segment, segment_path, segments
from pipelines.sources.log.lock import PartitionLock

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


class PartitionWriter:
    """Appends whole lines to the newest segment; holds the partition's lock until `close`.

    A line that somebody left torn is ended with a newline before anything is written, so that it costs only itself.
    """

    def __init__(self, partition: Path, segment_bytes: int, *, fsync: bool) -> None:
        """Take the partition and repair its last line.

        Args:
            partition: Directory, made when it is not there.
            segment_bytes: A segment is closed before it grows over this [byte].
            fsync: Wait for the disk at every append.

        Raises:
            SourceError: Another writer holds the partition.
        """
        partition.mkdir(parents=True, exist_ok=True)
        self._partition = partition
        self._segment_bytes = segment_bytes
        self._fsync = fsync
        self._lock = PartitionLock(partition)
        found = segments(partition)
        self._open(found[-1] if found else Segment(0, segment_path(partition, 0)))
        self._end_torn_line()

    def append(self, data: bytes) -> int:
        """Write ``data``, which ends with a newline, in one piece.

        Returns:
            Position behind it.

        Raises:
            OSError: The disk is full or gone. What was written of a line stays, as a line of its own.
        """
        self._end_torn_line()
        if self._size and self._size + len(data) > self._segment_bytes:
            self._roll()
        self._write(data)
        return self._base + self._size

    def close(self) -> None:
        """Let go of the file and the partition."""
        os.close(self._descriptor)
        self._lock.release()

    def _open(self, segment: Segment) -> None:
        self._descriptor = os.open(segment.path, _APPEND, 0o644)
        self._base, self._size = segment.base, 0

    def _end_torn_line(self) -> None:
        size = os.fstat(self._descriptor).st_size
        if size == self._size:
            return
        self._size = size  # at the start, after a failed write, or after somebody's >>
        if os.pread(self._descriptor, 1, size - 1) != b"\n":
            self._write(b"\n")

    def _roll(self) -> None:
        os.close(self._descriptor)
        base = self._base + self._size
        self._open(Segment(base, segment_path(self._partition, base)))
        if self._fsync:
            self._fsync_directory()

    def _write(self, data: bytes) -> None:
        written = os.write(self._descriptor, data)
        while written < len(data):  # a signal, or the disk is nearly full: the next try says which
            written += os.write(self._descriptor, data[written:])
        if self._fsync:
            os.fsync(self._descriptor)
        self._size += len(data)

    def _fsync_directory(self) -> None:
        descriptor = os.open(self._partition, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
