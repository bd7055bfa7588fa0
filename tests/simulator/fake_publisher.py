"""Partitions in memory, which can be killed in the middle of a write."""

import msgspec

from simulator import Publisher


class KilledError(Exception):
    """What a process does not live to see."""


class FakePublisher:
    """Keeps messages; after ``messages_left`` of them it dies, with those before it written."""

    def __init__(self, partitions=3, messages_left=10**9):
        self.partitions = partitions
        self.messages_left = messages_left
        self.written = [[] for _ in range(partitions)]

    def publish(self, partition, key, messages):
        kept = messages[: self.messages_left]
        self.written[partition].extend(kept)
        self.messages_left -= len(kept)
        if len(kept) < len(messages):
            raise KilledError

    def tail(self, partition, max_bytes):
        found, size = [], 0
        for message in reversed(self.written[partition]):
            size += len(message) + 1
            if size > max_bytes:
                break
            found.append(message)
        return found[::-1]

    def messages(self):
        return [message for messages in self.written for message in messages]


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self, now=1.8e9):
        self.now = now

    def clock(self):
        return self.now

    def sleep(self, second):
        self.now += second


def records_of(publisher: Publisher) -> dict[str, list[int]]:
    """``record_index`` of all readings by battery, in the order they were written; JSON messages only."""
    found: dict[str, list[int]] = {}
    for message in publisher.messages():
        said = msgspec.json.decode(message)
        records = said["record_index"]
        found.setdefault(said["battery_id"], []).extend(records if isinstance(records, list) else [records])
    return found
