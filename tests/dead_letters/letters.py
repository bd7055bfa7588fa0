"""Dead letters, and a topic in memory, for the tests."""

import time
import zlib

import numpy as np

from schemas import DeadLetter, RecordBatch
from schemas.dead_letter import encode_headers

GOOD = b'{"battery_id":"b1","test_time_second":1,"current_ampere":1,"voltage_volt":3}'
IN_MILLIAMPERE = b'{"battery_id":"b1","test_time_second":1,"current_ma":1250,"voltage_volt":3.5}'
ORIGINAL_HEADERS = [("trace", b"\xff\x00"), ("trace", b""), ("chargetracker-reason", b"of somebody else")]


def a_letter(payload=b"{", offset=17, **known):
    plain = DeadLetter("log:5f0c/03", offset, -1, "malformed", "no JSON", payload, len(payload), 1_700_000_000.25)
    return plain._replace(**known)


def with_everything():
    return a_letter(b'{"a":\xff', key=b"b1\x00", headers=encode_headers(ORIGINAL_HEADERS), payload_size=2_000_000)


class MemoryTopic:
    """A topic of two partitions: what is sent to it can be read from it. Both a source and a target."""

    unit, bounded = "messages", False
    partitions_there = 2

    def __init__(self, largest_bytes=10**9):
        self.kept = [[] for _ in range(self.partitions_there)]
        self.closed = 0
        self._largest_bytes = largest_bytes

    # what is sent to
    def send(self, messages):
        too_large = []
        for number, message in enumerate(messages):
            size = len(message.value) + sum(len(name) + len(content) for name, content in message.headers)
            if size > self._largest_bytes:
                too_large.append(number)
            else:
                self.kept[message.partition].append(message)
        return too_large

    def close(self):
        self.closed += 1

    # what is read from
    def begin(self, partition):
        return 0

    def end(self, partition):
        return len(self.kept[int(partition)])

    def poll(self, partition, offset, max_bytes):
        messages = self.kept[int(partition)][offset : offset + 1]
        return batch_of(partition, offset, messages) if messages else None

    def as_target(self):
        self.partitions = self.partitions_there
        return self

    def as_source(self):
        self.partitions = lambda: ("0", "1")
        return self

    def messages(self):
        return [message for partition in self.kept for message in partition]


def batch_of(partition, offset, messages):
    sizes = np.array([len(message.value) for message in messages])
    return RecordBatch(
        partition,
        offset,
        offset + len(messages),
        time.time(),
        np.arange(offset, offset + len(messages)),
        np.cumsum(sizes),
        sizes,
        b"".join(message.value for message in messages),
        keys=[message.key or b"" for message in messages],
        headers={number: message.headers for number, message in enumerate(messages) if message.headers},
    )


def crc_partition(text, partitions):
    return zlib.crc32(text) % partitions
