"""What can go wrong on the way, one function each: readings in, readings out, and what was done.

Chance depends on the battery and the number of a reading only (`noise`), so the same readings meet the same fate
however they are cut into pieces.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.messages import encode
from simulator.noise import key_of, uniform
from simulator.readings import DECIMALS, RECORD, TEST_TIME, UNIX_TIME, Readings, rounded

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

SILENCE_SECOND = 600.0
"""A channel is silent for whole windows of its test time of this length [s]."""


def chance(readings: Readings, seed: int, purpose: str) -> NDArray[np.float64]:
    """One number in [0, 1) for each reading, shape (n,)."""
    return uniform(key_of(seed, f"{readings.battery_id}/{purpose}"), readings.values[RECORD].astype(np.int64))


def silenced(readings: Readings, seed: int, rate: float) -> tuple[Readings, int]:
    """Without the windows in which the channel says nothing; and how many readings that cost."""
    window = (readings.values[TEST_TIME] // SILENCE_SECOND).astype(np.int64)
    speaks = uniform(key_of(seed, f"{readings.battery_id}/silence"), window) >= rate
    return readings.take(np.flatnonzero(speaks)), int(np.count_nonzero(~speaks))


def clock_jumped(
    readings: Readings, seed: int, rate: float, jump_second: float, ahead_second: float
) -> tuple[Readings, int, float]:
    """With a wall clock that jumps now and then and stays there; the test time is not touched.

    Args:
        readings: In order.
        seed: Of the chance.
        rate: Share of the readings at which the clock jumps.
        jump_second: By how much; negative is backward [s].
        ahead_second: By how much the clock is ahead already [s].

    Returns:
        The readings, how many jumps there were, and how far the clock is ahead now [s].
    """
    jumps = chance(readings, seed, "clock") < rate
    ahead = ahead_second + jump_second * np.add.accumulate(jumps)
    values = readings.values.copy()
    values[UNIX_TIME] = rounded(values[UNIX_TIME] + ahead, DECIMALS["unix_time_second"])
    now = float(ahead[-1]) if len(readings) else ahead_second
    return replace(readings, values=values), int(np.count_nonzero(jumps)), now


def repeated(readings: Readings, chosen: Booleans) -> Readings:
    """Each chosen reading twice, the copy right behind it."""
    return readings.take(np.repeat(np.arange(len(readings)), 1 + chosen))


def disordered(readings: Readings, chosen: Booleans, seed: int, most_second: float) -> tuple[Readings, int]:
    """Each chosen reading arrives up to ``most_second`` of test time too late; and how many that put out of order.

    A reading is put behind others of the same piece only.
    """
    wait = np.where(chosen, chance(readings, seed, "disorder") * most_second, 0.0)
    order = np.argsort(readings.values[TEST_TIME] + wait, kind="stable")
    found = readings.take(order)
    record = found.values[RECORD]
    overtaken = np.maximum.accumulate(record) > record
    # The copy of a repeated reading is moved with it and is not one more.
    return found, len(np.unique(record[overtaken & chosen[order]]))


def spoiled(readings: Readings, seed: int) -> list[bytes]:
    """One message a reading that no decoder may take: cut, of a wrong type, out of range, incomplete, misnamed."""
    kinds = (chance(readings, seed, "spoiled") * len(_SPOILERS)).astype(int).tolist()
    return [_SPOILERS[kind](message) for kind, message in zip(kinds, encode(readings, "json"), strict=True)]


def _cut(message: bytes) -> bytes:
    return message[: len(message) // 2]


def _not_text(message: bytes) -> bytes:
    return message[:20] + b"\xff\xfe\x80" + message[20:]


def _wrong_type(message: bytes) -> bytes:
    return _changed(message, {"voltage_volt": "high"})


def _out_of_range(message: bytes) -> bytes:
    return _changed(message, {"voltage_volt": 1e9})


def _misnamed(message: bytes) -> bytes:
    return _changed(message, {"battery_id": "not a name"})


def _incomplete(message: bytes) -> bytes:
    fields = msgspec.json.decode(message)
    del fields["current_ampere"]
    return msgspec.json.encode(fields)


def _changed(message: bytes, change: dict[str, object]) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(message) | change)


_SPOILERS = (_cut, _not_text, _wrong_type, _out_of_range, _misnamed, _incomplete)
