"""A battery's state as bytes: what Beam keeps between bundles and the store keeps as a snapshot.

Versioned msgpack: a list whose first element is the version of the format; the others are the fields of
`BatteryState`. A matrix is the bytes of its numbers, little endian.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from pipelines.analytics.layout import ROWS, Floats
from pipelines.analytics.state import BatteryState, Open, Settled, Tally
from pipelines.analytics.time_axis import Test

FORMAT_VERSION = 1


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
    """The state as msgpack: 96 bytes a pending reading, and some hundred."""
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
            b"" if settled.last is None else _bytes(settled.last),
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
        wire = _decoder.decode(data) if version == FORMAT_VERSION else None
    except msgspec.DecodeError as error:
        raise ValueError(f"not the state of a battery: {error}") from error
    if wire is None:
        raise ValueError(f"the state of a battery has format version {version!r}; this program reads {FORMAT_VERSION}")
    if len(wire.last) not in (0, 8 * ROWS) or len(wire.pending) % (8 * ROWS):
        raise ValueError("not the state of a battery: a matrix is cut off")
    last, pending = _floats(wire.last), _floats(wire.pending).reshape(ROWS, -1)
    return BatteryState(
        wire.revision,
        wire.applied,
        wire.group,
        wire.test,
        wire.earlier_tests,
        wire.limit_s,
        Settled(last if len(last) else None, wire.peak_a, wire.first_direction, wire.open),
        pending,
        wire.tally,
    )


def _bytes(matrix: Floats) -> bytes:
    return matrix.astype("<f8", copy=False).tobytes()


def _floats(data: bytes) -> Floats:
    return np.frombuffer(data, "<f8").astype(np.float64, copy=False)
