"""The readings log in the shape that the simulator publishes to; keeps the log below a size."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pipelines.sources.log import LogWriter
from schemas.reading import ARROW_STREAM_BEGINS

SCHEME = "log://"
BYTES_PER_MEGABYTE = 1_000_000
SEGMENTS_A_PARTITION = 8
MAX_SEGMENT_BYTES = 64 * BYTES_PER_MEGABYTE


class LogPublisher:
    """Appends to a log; deletes its oldest part as it grows.

    Attributes:
        partitions: How many the log has.
        acknowledged: Messages that are in the log.
    """

    def __init__(self, directory: Path, retention_mb: float | None, *, fsync: bool = False) -> None:
        """Open the log, or make it.

        Args:
            directory: Of the log.
            retention_mb: Size to keep it below [MB]; `None` keeps everything.
            fsync: Wait for the disk whenever something is published.

        Raises:
            SourceError: It cannot be opened.
        """
        self._max_bytes = None if retention_mb is None else int(retention_mb * BYTES_PER_MEGABYTE)
        writer = LogWriter(directory)
        self.partitions = writer.partitions
        self.acknowledged = 0
        self._segment_bytes = self._segment(self.partitions)
        self._writer = LogWriter(directory, create=False, segment_bytes=self._segment_bytes, fsync=fsync)
        writer.close()
        self._since_expired = 0

    def publish(self, partition: int, key: bytes, messages: Sequence[bytes]) -> None:  # noqa: ARG002  a log has no keys
        """Append messages in this order."""
        self._writer.append(partition, list(map(text_line, messages)))
        self.acknowledged += len(messages)
        self._since_expired += sum(map(len, messages))
        if self._max_bytes is not None and self._since_expired >= self._segment_bytes:
            self._writer.expire(max_bytes=self._max_bytes)
            self._since_expired = 0

    def tail(self, partition: int, max_bytes: int) -> list[bytes]:
        """The last whole messages, oldest first, about ``max_bytes`` of them."""
        return self._writer.tail(partition, max_bytes)

    def flush(self) -> None:
        """What was published is in the log already."""

    def __enter__(self) -> LogPublisher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def _segment(self, partitions: int) -> int:
        # Whole segments are deleted, never the newest one: small ones keep the log close to what was asked for.
        if self._max_bytes is None:
            return MAX_SEGMENT_BYTES
        return max(1, min(MAX_SEGMENT_BYTES, self._max_bytes // (SEGMENTS_A_PARTITION * partitions)))


def text_line(message: bytes) -> bytes:
    """A message as a line of text: an Arrow stream in base64, the others are text."""
    return base64.b64encode(message) if message.startswith(ARROW_STREAM_BEGINS) else message
