"""What a source hands on: raw messages of one partition with their offsets, in one piece of memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]
Headers = Sequence[tuple[str, bytes]]
"""Names and values that a message carries beside its content."""


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """The messages one poll found in one partition.

    Attributes:
        partition: Names source and partition (``log:<id>/03``): another file or a re-made topic is another name.
        first_offset: Where the poll stood.
        next_offset: Where the next poll stands; offsets may have holes, so it is not "last + 1".
        arrival_unix_second: When the poll took them, UTC [s].
        offsets: Offset of each message, rising, shape (n,).
        ends: End of each message in ``payload``, shape (n,); message k is ``payload[ends[k-1]:ends[k]]``.
        sizes: True size of each message [byte], shape (n,); larger than what is in ``payload`` when a source
            cut a message that is over the limit.
        payload: All messages, one behind the other.
        closes: True for the last batch of a source that ends: what is open now becomes final.
        lost_until: Messages from ``first_offset`` up to here were deleted by retention before they were read;
            -1 when none were.
        keys: Key of each message, empty where it has none; empty when the source knows no keys.
        headers: By number of the message; only of those that have any.
    """

    partition: str
    first_offset: int
    next_offset: int
    arrival_unix_second: float
    offsets: Offsets
    ends: Offsets
    sizes: Offsets
    payload: bytes
    closes: bool = False
    lost_until: int = -1
    keys: Sequence[bytes] = ()
    headers: Mapping[int, Headers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets)

    def messages(self) -> Iterator[bytes]:
        """The messages one by one, in the order of their offsets."""
        start = 0
        for end in self.ends.tolist():
            yield self.payload[start:end]
            start = end


class _Wire(msgspec.Struct, array_like=True):
    partition: str
    first_offset: int
    next_offset: int
    arrival_unix_second: float
    closes: bool
    offsets: bytes
    ends: bytes
    sizes: bytes
    payload: bytes
    lost_until: int
    keys: list[bytes]
    headers: dict[int, list[tuple[str, bytes]]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Wire)


def encode_record_batch(batch: RecordBatch) -> bytes:
    """The batch as msgpack, for the way from one stage of the pipeline to the next."""
    return _encoder.encode(
        _Wire(
            batch.partition,
            batch.first_offset,
            batch.next_offset,
            batch.arrival_unix_second,
            batch.closes,
            batch.offsets.tobytes(),
            batch.ends.tobytes(),
            batch.sizes.tobytes(),
            batch.payload,
            batch.lost_until,
            list(batch.keys),
            {number: list(headers) for number, headers in batch.headers.items()},
        )
    )


def decode_record_batch(data: bytes) -> RecordBatch:
    """Inverse of `encode_record_batch`; the arrays are read-only views of ``data``."""
    wire = _decoder.decode(data)
    return RecordBatch(
        wire.partition,
        wire.first_offset,
        wire.next_offset,
        wire.arrival_unix_second,
        np.frombuffer(wire.offsets, np.int64),
        np.frombuffer(wire.ends, np.int64),
        np.frombuffer(wire.sizes, np.int64),
        wire.payload,
        wire.closes,
        wire.lost_until,
        wire.keys,
        wire.headers,
    )
