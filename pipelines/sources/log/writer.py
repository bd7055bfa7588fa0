"""Writing a readings log: by the simulator, a gateway, a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pipelines.sources.log.description import check_partitions, make_description, read_description
from pipelines.sources.log.layout import partition_directory
from pipelines.sources.log.partition_writer import PartitionWriter
from pipelines.sources.log.retention import expire
from pipelines.sources.log.tail import last_messages

SEGMENT_BYTES = 64 * 1024 * 1024


class LogWriter:
    """Appends messages to the partitions of a log.

    A partition is taken at its first `append` or `tail` and held until `close`, so several writers can share a log
    as long as each keeps to its own partitions.

    Attributes:
        log_id: Of the log.
        partitions: How many it has.
    """

    def __init__(
        self,
        directory: Path,
        partitions: int | None = None,
        *,
        create: bool = True,
        segment_bytes: int = SEGMENT_BYTES,
        fsync: bool = False,
    ) -> None:
        """Open a log.

        Args:
            directory: Of the log.
            partitions: How many the log must have; `None` takes what is there, or a default for a new one.
            create: Make the log when there is none.
            segment_bytes: A segment is closed before it grows over this; retention deletes whole segments [byte].
            fsync: Wait for the disk at every append: outlives a power cut, at the price of speed.

        Raises:
            SourceError: There is no log and ``create`` is false, or it has another number of partitions.
        """
        if create:
            found = make_description(directory, partitions)
        else:
            found = check_partitions(directory, read_description(directory), partitions)
        self.log_id = found.id
        self.partitions = found.partitions
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._fsync = fsync
        self._open: dict[int, PartitionWriter] = {}

    def append(self, partition_index: int, lines: Sequence[bytes]) -> int:
        r"""Write messages behind one another in one piece.

        Args:
            partition_index: From 0; `partition_of` says which.
            lines: Messages without ``\n``. A reader skips empty ones.

        Returns:
            Position behind them: the offset at which a reader that has read them stands.

        Raises:
            ValueError: A message holds a newline, or there is no such partition.
            SourceError: Another writer holds the partition.
            OSError: The disk is full or gone.
        """
        data = b"".join([line + b"\n" for line in lines])
        if data.count(b"\n") != len(lines):
            raise ValueError("a message must not hold a newline")
        return self._partition(partition_index).append(data)

    def tail(self, partition_index: int, max_bytes: int) -> list[bytes]:
        """The last whole messages, oldest first, that fit into the last ``max_bytes`` of the partition."""
        self._partition(partition_index)  # nobody else writes from here on
        return last_messages(partition_directory(self._directory, partition_index), max_bytes)

    def expire(self, *, before_unix_second: float | None = None, max_bytes: int | None = None) -> int:
        """Delete old segments of all partitions, never the newest of one.

        Args:
            before_unix_second: Those last written before this.
            max_bytes: The oldest ones, until the whole log is not larger than this.

        Returns:
            How many were deleted.
        """
        partitions = [partition_directory(self._directory, index) for index in range(self.partitions)]
        return expire(partitions, before_unix_second, max_bytes)

    def close(self) -> None:
        """Let go of all partitions."""
        while self._open:
            self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _partition(self, index: int) -> PartitionWriter:
        if not 0 <= index < self.partitions:
            raise ValueError(f"the log has partitions 0 to {self.partitions - 1}, not {index}")
        if index not in self._open:
            directory = partition_directory(self._directory, index)
            self._open[index] = PartitionWriter(directory, self._segment_bytes, fsync=self._fsync)
        return self._open[index]
