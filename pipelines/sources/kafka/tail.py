"""The newest messages of a partition, for a producer that goes on where it was."""

from __future__ import annotations

import time

from pipelines.sources.base import SourceAwayError
from pipelines.sources.kafka.source import KafkaSource

_FIRST_MESSAGES = 1000
_WITHIN_SECOND = 60.0


def last_messages(source: KafkaSource, partition: str, max_bytes: int) -> list[bytes]:
    """The last messages, oldest first, that fit into ``max_bytes``; one byte between two of them counts, too.

    Raises:
        SourceAwayError: They do not come.
    """
    begin, end = source.begin(partition), source.end(partition)
    count = _FIRST_MESSAGES
    while True:
        start = max(begin, end - count)
        messages = _between(source, partition, start, end)
        if start == begin or sum(map(len, messages)) + len(messages) >= max_bytes:
            return _fitting(messages, max_bytes)
        count *= 4


def _between(source: KafkaSource, partition: str, start: int, end: int) -> list[bytes]:
    messages: list[bytes] = []
    deadline = time.monotonic() + _WITHIN_SECOND
    while start < end:
        batch = source.poll(partition, start, 4 * 1024 * 1024)
        if batch is not None:
            messages += batch.messages()
            start = batch.next_offset
        elif time.monotonic() > deadline:
            raise SourceAwayError(f"{partition} is not read within {_WITHIN_SECOND:.0f} s: check the brokers.")
    return messages


def _fitting(messages: list[bytes], max_bytes: int) -> list[bytes]:
    found, size = [], 0
    for message in reversed(messages):
        size += len(message) + 1
        if size > max_bytes:
            break
        found.append(message)
    return found[::-1]
