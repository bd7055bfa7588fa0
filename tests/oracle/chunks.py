"""Chunks made by hand, taken out of each other and put together again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from schemas import COLUMNS, Position, ReadingChunk

ARRIVAL_UNIX_SECOND = 1_800_000_000.0


def a_chunk(
    battery_id: str = "b1",
    test_id: str = "",
    group: str = "",
    partition: str = "p0",
    first_offset: int = 0,
    arrival_unix_second: float = ARRIVAL_UNIX_SECOND,
    closes: bool = False,
    **columns: Any,
) -> ReadingChunk:
    """A chunk, one message a reading.

    Args:
        battery_id: Whose readings.
        test_id: Empty when not known.
        group: Empty when not known.
        partition: Of its position.
        first_offset: Of its first reading; the others follow without a hole.
        arrival_unix_second: UTC [s].
        closes: Whether it is the last one.
        **columns: Names of `COLUMNS`, each a sequence or one number for all; `None` and NaN are "not known".
            Without them the current is 1 A, the voltage 3.5 V, the rest not known.

    Raises:
        TypeError: A name is not one of `COLUMNS`.
    """
    given = {"current_ampere": 1.0, "voltage_volt": 3.5} | columns
    if not set(given) <= set(COLUMNS):
        raise TypeError(f"not columns: {sorted(set(given) - set(COLUMNS))}")
    arrays = {name: np.asarray(values, np.float64) for name, values in given.items()}
    length = max((array.size for array in arrays.values() if array.ndim), default=1)
    values = np.full((len(COLUMNS), length), np.nan)
    for name, array in arrays.items():
        values[COLUMNS.index(name)] = array
    offsets = np.arange(first_offset, first_offset + length, dtype=np.int64)
    position = Position(partition, first_offset, first_offset + length, 0, 1)
    zeros = np.zeros(length, np.int64)
    return ReadingChunk(battery_id, test_id, group, position, arrival_unix_second, values, offsets, zeros, closes)


def taken(chunk: ReadingChunk, places: Sequence[int] | np.ndarray[Any, np.dtype[np.int64]]) -> ReadingChunk:
    """The readings at these places, in this order, sent anew: with rising offsets from the chunk's first one on."""
    places = np.asarray(places, np.int64)
    first = chunk.position.first_offset
    return replace(
        chunk,
        values=np.ascontiguousarray(chunk.values[:, places]),
        offsets=np.arange(first, first + places.size, dtype=np.int64),
        indices=np.zeros(places.size, np.int64),
        position=replace(chunk.position, next_offset=first + places.size),
    )


def joined(chunks: Sequence[ReadingChunk]) -> ReadingChunk:
    """One chunk with the readings of all, in this order, sent anew; the rest as in the first, closed as the last."""
    values = np.concatenate([chunk.values for chunk in chunks], axis=1)
    whole = replace(chunks[0], values=values, closes=chunks[-1].closes)
    return taken(whole, np.arange(values.shape[1]))


def in_sequence(chunks: Sequence[ReadingChunk]) -> list[ReadingChunk]:
    """The same chunks as one partition sends them: each one's offsets go on after those of the one before."""
    sent, first = [], chunks[0].position.first_offset
    for chunk in chunks:
        moved = replace(chunk, position=replace(chunk.position, first_offset=first))
        sent.append(taken(moved, np.arange(len(chunk))))
        first += len(chunk)
    return sent
