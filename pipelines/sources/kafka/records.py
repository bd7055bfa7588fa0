"""Records of Kafka's message format 2 to messages, all of several batches at once.

    record: length, attributes (1 byte), timestamp delta, offset delta, key, value, headers
    key, value: length (-1 for none), bytes          headers: how many, then of each name and value likewise

All numbers are zigzag varints. Only the lengths have to be walked one by one; the rest is read for all records
together, which takes a fifth of the time of reading a record at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.sources.kafka.messages import Integers, Messages
from pipelines.sources.kafka.record_batches import CorruptBatchError
from pipelines.sources.kafka.varints import varint, varints
from schemas.reading import MAX_BATCH_BYTES
from schemas.record_batch import Headers

_ATTRIBUTES_BYTES = 1
_NONE = -1
_HEADERS = slice(5, 8)
"""Of `_Fields`: how many headers, where they begin and end."""


class Body(NamedTuple):
    """The inflated records of one batch.

    Attributes:
        base_offset: What the offset deltas are added to.
        next_offset: Behind the last one.
        record_count: How many records there are.
        records: Themselves.
    """

    base_offset: int
    next_offset: int
    record_count: int
    records: bytes


class _Fields(NamedTuple):
    """Where what is in a piece of memory, each of shape (n,)."""

    offsets: Integers
    key_begins: Integers
    key_ends: Integers
    value_begins: Integers
    value_ends: Integers
    header_counts: Integers
    header_begins: Integers
    ends: Integers

    def of(self, rows: NDArray[np.bool_]) -> _Fields:
        return _Fields(*(column[rows] for column in self))


def messages_of(bodies: Sequence[Body], position: int) -> Messages:
    """The messages from ``position`` on; those before it are in the first batch only because they were sent together.

    A message without a value is an empty one. What is over `MAX_BATCH_BYTES` is cut off.

    Raises:
        CorruptBatchError: They are not what the format allows.
    """
    data = b"".join([body.records for body in bodies])
    try:
        begins, ends = _walk(data, bodies)
        fields = _read(data, bodies, begins, ends)
        if len(fields.offsets) and fields.offsets[0] < position:
            fields = fields.of(fields.offsets >= position)
        return _messages(data, fields, bodies[-1].next_offset)
    except (IndexError, ValueError) as error:
        message = f"the records from offset {bodies[0].base_offset} on are damaged ({error})."
        raise CorruptBatchError(message) from error


def _walk(data: bytes, bodies: Sequence[Body]) -> tuple[Integers, Integers]:
    """Where each record begins behind its length, and where it ends."""
    begins: list[int] = []
    ends: list[int] = []
    place = stop = 0
    for body in bodies:
        stop += len(body.records)
        for _ in range(body.record_count):
            first, second = data[place], data[place + 1]
            if second < 128 <= first:  # two bytes, as nearly all are: 64 to 8191
                begin = place + 2
                place = begin + ((first & 127 | second << 7) >> 1)
            else:
                length, begin = varint(data, place)
                place = begin + length
            begins.append(begin)
            ends.append(place)
        if place != stop:
            raise ValueError(f"{place} bytes of records where there are {stop}")
    return np.array(begins, np.int64), np.array(ends, np.int64)


def _read(data: bytes, bodies: Sequence[Body], begins: Integers, ends: Integers) -> _Fields:
    characters = np.frombuffer(data, np.uint8)
    counts = [body.record_count for body in bodies]
    bases = np.repeat(np.array([body.base_offset for body in bodies], np.int64), counts)
    _, places = varints(characters, begins + _ATTRIBUTES_BYTES)
    deltas, places = varints(characters, places)
    sizes, key_begins = varints(characters, places)
    key_ends = _ends(key_begins, sizes)
    sizes, value_begins = varints(characters, key_ends)
    value_ends = _ends(value_begins, sizes)
    header_counts, places = varints(characters, value_ends)
    # Those with headers are checked as these are read.
    if not np.array_equal(places, np.where(header_counts == 0, ends, places)):
        raise ValueError("a record that ends elsewhere than it says")
    return _Fields(bases + deltas, key_begins, key_ends, value_begins, value_ends, header_counts, places, ends)


def _ends(begins: Integers, sizes: Integers) -> Integers:
    if len(sizes) and sizes.min() < _NONE:
        raise ValueError("a size below that of nothing")
    return begins + np.maximum(sizes, 0)


def _messages(data: bytes, fields: _Fields, next_offset: int) -> Messages:
    sizes = fields.value_ends - fields.value_begins
    kept = np.minimum(sizes, MAX_BATCH_BYTES)
    values = _slices(data, fields.value_begins, fields.value_begins + kept)
    has_keys = bool((fields.key_ends > fields.key_begins).any())
    keys = _slices(data, fields.key_begins, fields.key_ends) if has_keys else ()
    headers = {
        number: _headers(data, *(int(column[number]) for column in fields[_HEADERS]))
        for number in np.flatnonzero(fields.header_counts).tolist()
    }
    return Messages(fields.offsets, np.cumsum(kept), sizes, b"".join(values), next_offset, keys, headers)


def _slices(data: bytes, begins: Integers, ends: Integers) -> list[bytes]:
    return [data[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]


def _headers(data: bytes, count: int, place: int, end: int) -> Headers:
    """A header without a value has an empty one."""
    found = []
    for _ in range(count):
        size, place = varint(data, place)
        name = data[place : place + size]
        size, place = varint(data, place + size)
        value = data[place : place + max(size, 0)]
        place += len(value)
        found.append((name.decode(errors="replace"), value))
    if place != end:
        raise ValueError("headers that end elsewhere than their record")
    return found
