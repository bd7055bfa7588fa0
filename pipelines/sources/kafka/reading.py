"""Where the reading of one partition stands."""

from __future__ import annotations

import threading
import time

import kafka.errors as errors

from pipelines.sources.kafka.buffer import PartitionBuffer
from pipelines.sources.kafka.messages import Messages
from pipelines.sources.kafka.record_batches import CorruptBatchError, raw_batches


class Reading:
    """From one offset on, without a break; who wants to read elsewhere begins another one.

    `received` and `refused` are called on the IO thread, the rest by who reads.

    Attributes:
        offset: Where the next `take` begins.
        fetch_offset: Where the next request begins.
        served_second: When messages came last, by the monotonic clock [s].
    """

    def __init__(self, offset: int) -> None:
        """Begin at an offset."""
        self.offset = offset
        self.fetch_offset = offset
        self.served_second = 0.0
        self._buffer = PartitionBuffer(offset)
        self._high_watermark = -1
        self._heard_second = time.monotonic()
        self._not_before_second = 0.0
        self._failure: Exception | None = None
        self._arrived = threading.Event()

    def take(self, max_bytes: int) -> Messages | None:
        """The next messages, `None` when there are none here.

        Raises:
            CorruptBatchError: What comes next cannot be read.
        """
        self._arrived.clear()
        was_full = self._buffer.is_full
        messages = self._buffer.take(max_bytes)
        if messages is not None:
            self.offset = messages.next_offset
        if was_full and not self._buffer.is_full:
            self._heard_second = time.monotonic()
        return messages

    def awaits(self, second: float) -> bool:
        """Wait for messages, if there are any as far as is known; true when they came."""
        if self._failure is not None or 0 <= self._high_watermark <= self.fetch_offset:
            return self._arrived.is_set()
        return self._arrived.wait(second)

    def raise_failure(self) -> None:
        """Raise what its leader refused for good."""
        if self._failure is not None:
            raise self._failure

    def wants_more(self) -> bool:
        """True when it is to be asked for."""
        return self._failure is None and not self._buffer.is_full and time.monotonic() >= self._not_before_second

    def silent_second(self) -> float:
        """How long it has been asked for in vain [s]."""
        return 0.0 if self._buffer.is_full else time.monotonic() - self._heard_second

    def received(self, answer: bytes, high_watermark: int) -> int:
        """Keep what its leader sent, mostly nothing; returns how much it was [byte]."""
        self._heard_second = time.monotonic()
        self._high_watermark = high_watermark
        try:
            behind = max((batch.next_offset for batch in raw_batches(answer)), default=self.fetch_offset)
        except CorruptBatchError as error:
            self._failure = error
            return 0
        if behind > self.fetch_offset:
            self.fetch_offset = behind
            self.served_second = self._heard_second
            self._buffer.add(answer)
            self._arrived.set()
        return len(answer)

    def refused(self, error: Exception, pause_second: float) -> bool:
        """Note why its leader sent nothing; true when it is to be asked again, not before the pause is over.

        Only what a broker has said itself is final; whatever befalls the line to it may pass.
        """
        if isinstance(error, errors.RetriableError) or not isinstance(error, errors.BrokerResponseError):
            self._not_before_second = time.monotonic() + pause_second
            return True
        self._failure = error
        self._arrived.set()
        return False
