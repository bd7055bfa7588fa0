"""Kafka's integers of variable length, many at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_MAX_SHIFT = 63


def varints(data: NDArray[np.uint8], places: Integers) -> tuple[Integers, Integers]:
    """Zigzag varints at any places.

    Args:
        data: In which they are.
        places: Where each begins, shape (n,).

    Returns:
        Their values, and the places behind them, both of shape (n,).

    Raises:
        IndexError: One reaches beyond the end of ``data``.
        ValueError: One is longer than ten bytes.
    """
    bytes_here = data[places].astype(np.int64)
    values = bytes_here & 127
    places = places + 1
    going_on = np.flatnonzero(bytes_here >= 128)
    shift = 7
    while len(going_on):
        if shift > _MAX_SHIFT:
            raise ValueError("a number of more than ten bytes")
        bytes_here = data[places[going_on]].astype(np.int64)
        values[going_on] |= (bytes_here & 127) << shift
        places[going_on] += 1
        going_on = going_on[bytes_here >= 128]
        shift += 7
    return (values >> 1) ^ -(values & 1), places


def varint(data: bytes, place: int) -> tuple[int, int]:
    """One zigzag varint, and the place behind it.

    Raises:
        IndexError: It reaches beyond the end of ``data``.
    """
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return (value >> 1) ^ -(value & 1), place
        shift += 7
