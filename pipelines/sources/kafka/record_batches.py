"""The answer to a fetch, taken apart into Kafka's record batches (message format 2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from crc32c import crc32c

from pipelines.sources.base import SourceError
from pipelines.sources.kafka.inflate import TooLargeError, inflate

MAX_INFLATED_BYTES = 64 * 1024 * 1024
"""Of one record batch: a broker takes 1 MB of it compressed, unless it is told otherwise."""

_HEADER = struct.Struct(">qiibIhiqqqhii")
_LENGTH_ENDS = 12
_CRC_ENDS = 21
_MAGIC = 2
_CODEC_MASK, _CONTROL_MASK = 0x07, 0x20


class CorruptBatchError(SourceError):
    """Records that are not what their producer sent, or not what Kafka's format allows."""


class RawBatch(NamedTuple):
    """A record batch as it came.

    Attributes:
        base_offset: Offset of its first record.
        next_offset: Behind its last one, also when compaction took that away.
        crc: Of all behind it.
        attributes: Bits that say codec and kind.
        record_count: How many records are in it.
        checked: What the checksum is of.
    """

    base_offset: int
    next_offset: int
    crc: int
    attributes: int
    record_count: int
    checked: memoryview

    @property
    def is_control(self) -> bool:
        """True for the marks of transactions, which are nobody's messages."""
        return bool(self.attributes & _CONTROL_MASK)


def raw_batches(data: bytes) -> Iterator[RawBatch]:
    """The whole batches in the answer to a fetch; the broker may cut off the last one anywhere.

    Raises:
        CorruptBatchError: The topic holds messages of a format older than that of Kafka 0.11.
    """
    view, place = memoryview(data), 0
    while place + _HEADER.size <= len(data):
        base, length, _, magic, crc, attributes, last, _, _, _, _, _, count = _HEADER.unpack_from(data, place)
        stop = place + _LENGTH_ENDS + length
        if magic != _MAGIC:
            raise CorruptBatchError(
                f"offset {base} is in message format {magic}, from before Kafka 0.11: "
                "copy the topic to a new one, or let its retention take the old messages away."
            )
        if stop > len(data):
            return
        yield RawBatch(base, base + last + 1, crc, attributes, count, view[place + _CRC_ENDS : stop])
        place = stop


def body_of(batch: RawBatch) -> bytes:
    """The records of a batch, one behind the other.

    Raises:
        CorruptBatchError: The checksum is wrong, or they cannot be inflated.
        TooLargeError: They are more than `MAX_INFLATED_BYTES`.
    """
    if crc32c(batch.checked) != batch.crc:
        raise CorruptBatchError(f"the checksum of the records from offset {batch.base_offset} on is wrong.")
    body = bytes(batch.checked[_HEADER.size - _CRC_ENDS :])
    try:
        return inflate(batch.attributes & _CODEC_MASK, body, MAX_INFLATED_BYTES)
    except TooLargeError:
        raise
    except Exception as error:
        message = f"the records from offset {batch.base_offset} on cannot be inflated ({type(error).__name__})."
        raise CorruptBatchError(message) from error
