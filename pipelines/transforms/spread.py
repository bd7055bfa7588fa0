"""Keys that Flink spreads evenly over its parallel tasks: which task has a key is arithmetic, and few keys fall badly.

Beam's runner for Flink hashes the encoded key with MurmurHash3 (128 bit, x64, its lowest 32 bits); Flink mixes that
once more and cuts it into key groups, of which each task has a range.
"""

from __future__ import annotations

from itertools import count

KEY_GROUPS = 128
"""As many as Flink makes for up to 85 parallel tasks, when nobody asks for others."""

_MASK_64, _MASK_32 = 2**64 - 1, 2**32 - 1
_C1, _C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F


def spread_key(name: str, index: int, parallelism: int) -> str:
    """A key made of ``name`` that falls to task ``index`` modulo ``parallelism``."""
    wanted = index % parallelism
    return next(key for salt in count() if task_of(key := f"{salt} {name}", parallelism) == wanted)


def task_of(key: str, parallelism: int) -> int:
    """Which of the parallel tasks, from 0 on, has a key that Beam carries as UTF-8 text."""
    encoded = key.encode()
    return _key_group(_murmur3_low_32(_length(len(encoded)) + encoded)) * parallelism // KEY_GROUPS


def _length(count_of_bytes: int) -> bytes:
    """Seven bits a byte, lowest first, as Beam writes a length before a text."""
    parts = bytearray()
    while count_of_bytes >= 128:
        parts.append(count_of_bytes & 127 | 128)
        count_of_bytes >>= 7
    return bytes([*parts, count_of_bytes])


def _key_group(code: int) -> int:
    """Flink's own mixing of a hash code (`MathUtils.murmurHash`), then its group."""
    mixed = _rotated(code * 0xCC9E2D51, 15, 32) * 0x1B873593
    mixed = _rotated(mixed, 13, 32) * 5 + 0xE6546B64 & _MASK_32
    mixed ^= 4
    mixed = (mixed ^ mixed >> 16) * 0x85EBCA6B & _MASK_32
    mixed = (mixed ^ mixed >> 13) * 0xC2B2AE35 & _MASK_32
    mixed ^= mixed >> 16
    signed = mixed - 2**32 if mixed >= 2**31 else mixed
    return (0 if signed == -(2**31) else abs(signed)) % KEY_GROUPS


def _murmur3_low_32(data: bytes) -> int:
    """MurmurHash3_x64_128 with seed 0 (Appleby, public domain): the lowest 32 of its 128 bits."""
    h1 = h2 = 0
    whole = len(data) // 16 * 16
    for start in range(0, whole, 16):
        h1 = _rotated(h1 ^ _k1(data[start : start + 8]), 27, 64) + h2
        h1 = h1 * 5 + 0x52DCE729 & _MASK_64
        h2 = _rotated(h2 ^ _k2(data[start + 8 : start + 16]), 31, 64) + h1
        h2 = h2 * 5 + 0x38495AB5 & _MASK_64
    rest = data[whole:]
    h1 ^= _k1(rest[:8]) ^ len(data)
    h2 ^= _k2(rest[8:]) ^ len(data)
    h1 = h1 + h2 & _MASK_64
    h2 = h2 + h1 & _MASK_64
    return _finished(h1) + _finished(h2) & _MASK_32


def _k1(part: bytes) -> int:
    return _rotated(int.from_bytes(part, "little") * _C1, 31, 64) * _C2 & _MASK_64


def _k2(part: bytes) -> int:
    return _rotated(int.from_bytes(part, "little") * _C2, 33, 64) * _C1 & _MASK_64


def _finished(h: int) -> int:
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCD & _MASK_64
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53 & _MASK_64
    return h ^ h >> 33


def _rotated(value: int, left: int, bits: int) -> int:
    value &= 2**bits - 1
    return (value << left | value >> bits - left) & 2**bits - 1
