"""Bytes to lines: where the newlines are, and the lines without them in one piece of memory."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.reading import MAX_BATCH_BYTES

Integers = NDArray[np.int64]

_PIECE_BYTES = 1024 * 1024
_NEWLINE, _RETURN = 10, 13
_NONE: Integers = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are not empty, as `RecordBatch` wants them; see there for the arrays."""

    offsets: Integers
    ends: Integers
    sizes: Integers
    payload: bytes


def split_lines(data: bytes, position: int) -> Lines:
    r"""The lines of ``data``, which ends with a newline; ``position`` is that of its first byte.

    Neither ``\n`` nor ``\r\n`` belongs to a line. Empty lines are left out, and what is over `MAX_BATCH_BYTES`
    is cut off.
    """
    characters = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(characters == _NEWLINE)
    begins = np.concatenate(([0], newlines[:-1] + 1))
    sizes = newlines - begins
    if b"\r" in data:
        sizes = sizes - ((sizes > 0) & (characters[newlines - 1] == _RETURN))
        data = data.replace(b"\r\n", b"\n")
    filled = sizes > 0
    return _limited(begins[filled] + position, sizes[filled], data.replace(b"\n", b""))


def _limited(offsets: Integers, sizes: Integers, payload: bytes) -> Lines:
    ends = np.cumsum(sizes)
    kept = np.minimum(sizes, MAX_BATCH_BYTES)
    if np.array_equal(kept, sizes):
        return Lines(offsets, ends, sizes, payload)
    begins = (ends - sizes).tolist()
    pieces = [payload[begin : begin + size] for begin, size in zip(begins, kept.tolist(), strict=True)]
    return Lines(offsets, np.cumsum(kept), sizes, b"".join(pieces))


def one_line(descriptor: int, base: int, position: int, stop: int) -> Lines:
    """The line at [position, stop) of a file whose first byte is at ``base``; what is over the limit is not read."""
    size = stop - position
    if size and os.pread(descriptor, 1, stop - 1 - base) == b"\r":
        size -= 1
    payload = os.pread(descriptor, min(size, MAX_BATCH_BYTES), position - base)
    if not size:
        return Lines(_NONE, _NONE, _NONE, b"")
    return Lines(np.array([position]), np.array([len(payload)]), np.array([size]), payload)


def next_newline(descriptor: int, start: int, stop: int) -> int:
    """Place of the first newline in the bytes [start, stop) of a file; -1 when there is none."""
    for place in range(start, stop, _PIECE_BYTES):
        found = os.pread(descriptor, min(_PIECE_BYTES, stop - place), place).find(b"\n")
        if found >= 0:
            return place + found
    return -1


def last_newline(descriptor: int, start: int, stop: int) -> int:
    """Place of the last newline in the bytes [start, stop) of a file; -1 when there is none."""
    while stop > start:
        place = max(start, stop - _PIECE_BYTES)
        found = os.pread(descriptor, stop - place, place).rfind(b"\n")
        if found >= 0:
            return place + found
        stop = place
    return -1
