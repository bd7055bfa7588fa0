"""What can be polled. A position is (partition, offset); offsets grow and survive restarts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from schemas import RecordBatch


class Source(Protocol):
    """Readings' messages in partitions.

    Attributes:
        unit: What an offset counts, for people: "bytes", "rows", "messages".
        bounded: True when the source ends; it is then read in ranges, and the last one closes its rows.
    """

    unit: str
    bounded: bool

    def partitions(self) -> tuple[str, ...]:
        """Names of all partitions there are now; looked up again at every tick."""
        ...

    def begin(self, partition: str) -> int:
        """Lowest offset that can still be read."""
        ...

    def end(self, partition: str) -> int:
        """Offset behind the last whole message there is now."""
        ...

    def ends(self) -> dict[str, int]:
        """The same of every partition there is, by its name."""
        ...

    def offset_at(self, partition: str, unix_second: float) -> int:
        """An offset from which everything that was written after that time is read."""
        ...

    def poll(self, partition: str, offset: int, max_bytes: int) -> RecordBatch | None:
        """Messages from ``offset`` on, about ``max_bytes`` of them, without waiting; `None` when there are none.

        Raises:
            SourceError: What was asked for is not there any more, with what to do.
        """
        ...

    def report_committed(self, offsets: Mapping[str, int]) -> None:
        """Tell the source's own tools how far its partitions are in the store; most sources have none."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class SourceError(Exception):
    """A source that cannot be opened or read, in a sentence for the person at the terminal."""


class SourceAwayError(SourceError):
    """A source that does not answer now: what was asked of it may be asked again later."""
