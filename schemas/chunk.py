"""What travels between decode and track: one battery's readings of one poll, columnar; or its dead letters."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.dead_letter import DeadLetter
from schemas.reading import COLUMNS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DEAD_LETTER_KEY = "!dead-letters/"
"""Prefix of the key that dead letters travel under; no battery identifier can start with it."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which part of which poll an element is, so that the poll can be committed once all its parts are stored.

    Attributes:
        partition: As in `RecordBatch`.
        first_offset: Where the poll stood.
        next_offset: Where the next one stands.
        part: Number of this element among those of the poll, from 0.
        parts: How many elements the poll became; never 0.
    """

    partition: str
    first_offset: int
    next_offset: int
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class ReadingChunk:
    """Readings of one battery, one test and one poll, in the order they arrived.

    Attributes:
        battery_id: Whose readings.
        test_id: Empty when not known.
        group: Empty when not known.
        position: For the acknowledgement.
        arrival_unix_second: When the poll took them, UTC [s].
        values: One row a name in `COLUMNS`, shape (len(COLUMNS), n); NaN where not known.
        offsets: Offset of the message each reading came in, never falling, shape (n,).
        indices: Number of the reading within its message, shape (n,).
        closes: True when nothing comes after it: its rows become final.
    """

    battery_id: str
    test_id: str
    group: str
    position: Position
    arrival_unix_second: float
    values: Floats
    offsets: Integers
    indices: Integers
    closes: bool = False

    def __len__(self) -> int:
        return int(self.values.shape[1])


@dataclass(frozen=True, slots=True)
class DeadLetterChunk:
    """The messages of one poll that could not be read; none, when the poll held nothing else either."""

    position: Position
    letters: tuple[DeadLetter, ...]


class _PositionWire(msgspec.Struct, array_like=True):
    partition: str
    first_offset: int
    next_offset: int
    part: int
    parts: int


class _ReadingsWire(msgspec.Struct, array_like=True, tag="r"):
    battery_id: str
    test_id: str
    group: str
    position: _PositionWire
    arrival_unix_second: float
    values: bytes
    offsets: bytes
    indices: bytes
    closes: bool


class _DeadLettersWire(msgspec.Struct, array_like=True, tag="d"):
    position: _PositionWire
    letters: list[DeadLetter]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_ReadingsWire | _DeadLettersWire)


def encode_chunk(chunk: ReadingChunk | DeadLetterChunk) -> bytes:
    """The chunk as msgpack."""
    p = chunk.position
    position = _PositionWire(p.partition, p.first_offset, p.next_offset, p.part, p.parts)
    if isinstance(chunk, DeadLetterChunk):
        return _encoder.encode(_DeadLettersWire(position, list(chunk.letters)))
    return _encoder.encode(
        _ReadingsWire(
            chunk.battery_id,
            chunk.test_id,
            chunk.group,
            position,
            chunk.arrival_unix_second,
            chunk.values.tobytes(),
            chunk.offsets.tobytes(),
            chunk.indices.tobytes(),
            chunk.closes,
        )
    )


def decode_chunk(data: bytes) -> ReadingChunk | DeadLetterChunk:
    """Inverse of `encode_chunk`; the arrays are read-only views of ``data``."""
    wire = _decoder.decode(data)
    p = wire.position
    position = Position(p.partition, p.first_offset, p.next_offset, p.part, p.parts)
    if isinstance(wire, _DeadLettersWire):
        return DeadLetterChunk(position, tuple(wire.letters))
    values = np.frombuffer(wire.values, np.float64)
    return ReadingChunk(
        wire.battery_id,
        wire.test_id,
        wire.group,
        position,
        wire.arrival_unix_second,
        values.reshape(len(COLUMNS), -1),
        np.frombuffer(wire.offsets, np.int64),
        np.frombuffer(wire.indices, np.int64),
        wire.closes,
    )
