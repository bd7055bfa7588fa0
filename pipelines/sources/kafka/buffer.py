"""What was fetched of one partition and not yet handed on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from pipelines.sources.kafka.inflate import TooLargeError
from pipelines.sources.kafka.messages import Messages, joined
from pipelines.sources.kafka.record_batches import MAX_INFLATED_BYTES, RawBatch, body_of, raw_batches
from pipelines.sources.kafka.records import Body, messages_of

BUFFER_BYTES = 3 * 1024 * 1024
"""A partition of which so much waits, as it came, is not fetched: who takes slowly is not drowned."""
MAX_MESSAGES = 50_000
"""Taken at once, however small they are."""

_READ_BYTES = 4 * 1024 * 1024


class PartitionBuffer:
    """Answers as they came, oldest first, and what was read out of the oldest.

    One thread may `add` while another takes.
    """

    def __init__(self, offset: int) -> None:
        """Begin at an offset."""
        self._answers: deque[bytes] = deque()
        self._added_bytes = self._taken_bytes = 0  # each is written by one thread only
        self._batches: Iterator[RawBatch] = iter(())
        self._oversized: RawBatch | None = None
        self._read: Messages | None = None
        self._position = offset

    @property
    def is_full(self) -> bool:
        """True when nothing more is to be fetched."""
        return self._added_bytes - self._taken_bytes >= BUFFER_BYTES

    def add(self, answer: bytes) -> None:
        """What was fetched behind all that is here."""
        self._answers.append(answer)
        self._added_bytes += len(answer)

    def take(self, max_bytes: int) -> Messages | None:
        """The next messages, about ``max_bytes`` of them; `None` when there are none.

        Raises:
            CorruptBatchError: What comes next cannot be read.
        """
        parts: list[Messages] = []
        size = count = 0
        while size < max_bytes and count < MAX_MESSAGES and (ready := self._ready()) is not None:
            part, self._read = ready.cut(max_bytes - size, MAX_MESSAGES - count)
            parts.append(part)
            size, count = size + len(part.payload), count + len(part)
        return joined(parts) if parts else None

    def _ready(self) -> Messages | None:
        if self._read is not None:
            return self._read
        if bodies := self._bodies():
            found = messages_of(bodies, self._position)
        elif self._oversized is not None:
            found, self._oversized = _stand_in(self._oversized, self._position), None
        else:
            return None
        self._position = found.next_offset
        return found

    def _bodies(self) -> list[Body]:
        """Those that are next, not many, and none beyond one that is too large."""
        bodies: list[Body] = []
        size = 0
        while self._oversized is None and size < _READ_BYTES and (batch := self._batch()) is not None:
            try:
                records = b"" if batch.is_control else body_of(batch)
            except TooLargeError:
                self._oversized = batch
            else:
                bodies.append(Body(batch.base_offset, batch.next_offset, len(records) and batch.record_count, records))
                size += len(records)
        return bodies

    def _batch(self) -> RawBatch | None:
        while (batch := next(self._batches, None)) is None and self._answers:
            answer = self._answers.popleft()
            self._taken_bytes += len(answer)
            self._batches = raw_batches(answer)
        return batch


def _stand_in(batch: RawBatch, position: int) -> Messages:
    """One message, empty and far over the limit, for all of a batch that must not be inflated."""
    offset, nothing = np.array([max(batch.base_offset, position)]), np.zeros(1, np.int64)
    return Messages(offset, nothing, np.array([MAX_INFLATED_BYTES]), b"", batch.next_offset)
