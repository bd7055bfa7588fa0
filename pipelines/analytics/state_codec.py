"""A battery's state as bytes: what Beam keeps between bundles and the store keeps as a snapshot.

Versioned msgpack: a list whose first element is the version of the format; the others are the fields of
`BatteryState`. The last settled reading is the bytes of its numbers, little endian; a matrix of readings is the number
of the rows that are known anywhere, then the bytes of theirs. Version 1 had no counters: its readings have other rows,
and what is added up has fewer terms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from pipelines.analytics.layout import CHARGE_AH, DUPLICATES, ROWS, Floats
from pipelines.analytics.state import BatteryState, Open, Settled, Tally
from pipelines.analytics.time_axis import Test

FORMAT_VERSION = 2

_ROWS_OF_VERSION_1 = [*range(CHARGE_AH), DUPLICATES]
_ALL_ROWS = list(range(ROWS))
_FLAGS = 1 << np.arange(ROWS)
"""What each row that is known adds to their number."""


class _Head(msgspec.Struct, array_like=True):
    version: Any


class _Wire(msgspec.Struct, array_like=True):
    version: int
    revision: int
    applied: dict[str, int]
    group: str
    test: Test | None
    earlier_tests: tuple[Test, ...]
    limit_s: float
    last: bytes
    peak_a: float
    first_direction: int
    open: Open
    pending: bytes
    tally: Tally


_encoder = msgspec.msgpack.Encoder()
_head = msgspec.msgpack.Decoder(_Head)
_decoder = msgspec.msgpack.Decoder(_Wire)


def encode_state(state: BatteryState) -> bytes:
    """The state as msgpack: 8 bytes for each value of a pending reading, and some hundred."""
    settled = state.settled
    return _encoder.encode(
        _Wire(
            FORMAT_VERSION,
            state.revision,
            dict(state.applied),
            state.group,
            state.test,
            state.earlier_tests,
            state.limit_s,
            b"" if settled.last is None else settled.last.astype("<f8", copy=False).tobytes(),
            settled.peak_a,
            settled.first_direction,
            settled.open,
            _bytes(state.pending),
            state.tally,
        )
    )


def decode_state(data: bytes) -> BatteryState:
    """Inverse of `encode_state`, to the bit.

    Raises:
        ValueError: The bytes are no state, or one of another version.
    """
    try:
        version = _head.decode(data).version
        wire = _decoder.decode(data) if version in (1, FORMAT_VERSION) else None
    except msgspec.DecodeError as error:
        raise ValueError(f"not the state of a battery: {error}") from error
    if wire is None:
        raise ValueError(f"the state of a battery has format version {version!r}; this program reads {FORMAT_VERSION}")
    is_old = version != FORMAT_VERSION
    last = _matrix(wire.last, _ROWS_OF_VERSION_1 if is_old else _ALL_ROWS)
    pending = _matrix(wire.pending, _ROWS_OF_VERSION_1) if is_old else _readings(wire.pending)
    return BatteryState(
        wire.revision,
        wire.applied,
        wire.group,
        wire.test,
        wire.earlier_tests,
        wire.limit_s,
        Settled(last[:, 0] if last.shape[1] else None, wire.peak_a, wire.first_direction, wire.open),
        pending,
        wire.tally,
    )


def _bytes(readings: Floats) -> bytes:
    told = (readings == readings).any(axis=1)  # false for rows that are NaN throughout
    flags = int(told @ _FLAGS)
    numbers = readings[told].astype("<f8", copy=False).tobytes()
    return flags.to_bytes(2, "little") + numbers if flags else b""


def _readings(data: bytes) -> Floats:
    return _matrix(data[2:], _rows_of(int.from_bytes(data[:2], "little")))


@lru_cache(maxsize=1024)
def _rows_of(flags: int) -> list[int]:
    """A handful of different ones occur: a cycler tells the same columns all the time."""
    return [row for row in range(ROWS) if flags >> row & 1]


def _matrix(data: bytes, rows: list[int]) -> Floats:
    """Readings of which these rows are told.

    Raises:
        ValueError: They are not all of one length.
    """
    if len(data) % (8 * len(rows) or 8) or (data and not rows):
        raise ValueError("not the state of a battery: a matrix is cut off")
    told = np.frombuffer(data, "<f8").reshape(len(rows), -1 if rows else 0)
    if len(rows) == ROWS:
        return told.astype(np.float64)
    found = np.full((ROWS, told.shape[1]), np.nan)
    found[rows] = told
    return found
