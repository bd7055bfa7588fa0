"""Chance that depends on who, which reading and what for, and on nothing else: no order, no pieces."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_Bits = NDArray[np.uint64]

_HALF = np.uint64(0xFFFF)


def key_of(seed: int, name: str) -> int:
    """A key for all chance about ``name``, 64 bits."""
    return int(_mixed(np.array([seed & 0xFFFF_FFFF_FFFF_FFFF], np.uint64) * 3 + zlib.crc32(name.encode()))[0])


def uniform(keys: NDArray[np.uint64] | int, numbers: Integers) -> Floats:
    """Evenly spread over [0, 1), one for each number, shape (n,)."""
    bits = _bits(keys, numbers)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(keys: NDArray[np.uint64] | int, numbers: Integers) -> Floats:
    """Nearly normal with mean 0 and deviation 1, never over 3.5, shape (n,): the sum of four even ones."""
    bits = _bits(keys, numbers)
    total = (bits & _HALF) + ((bits >> np.uint64(16)) & _HALF) + ((bits >> np.uint64(32)) & _HALF)
    total += bits >> np.uint64(48)
    found: Floats = (total.astype(np.float64) - 2.0 * 65535.0) * (3.0**0.5 / 65536.0)
    return found


def _bits(keys: NDArray[np.uint64] | int, numbers: Integers) -> _Bits:
    return _mixed(numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.asarray(keys, np.uint64))


def _mixed(bits: _Bits) -> _Bits:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
