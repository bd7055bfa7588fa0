"""What happens to readings on their way: cut into chunks, out of order, sent again, held back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from schemas import COLUMNS, ReadingChunk
from tests.oracle.chunks import taken

RECORD_INDEX = COLUMNS.index("record_index")
VOLTAGE = COLUMNS.index("voltage_volt")


def cut(chunk: ReadingChunk, sizes: Iterable[int]) -> list[ReadingChunk]:
    """The same readings in chunks of these sizes, over and over; the last one is what is left, and closes if it does.

    A message with several readings must not be in it: it would be torn apart.
    """
    pieces, start = [], 0
    for size in cycle(sizes):
        end = min(start + max(size, 1), len(chunk))
        pieces.append(_piece(chunk, start, end))
        start = end
        if start == len(chunk):
            return pieces
    raise ValueError("no sizes")


def shuffled_within(
    chunk: ReadingChunk, seconds: float, readings: int, seed: int, equal_times_too: bool = False
) -> ReadingChunk:
    """The readings of one test in another order of arrival, in which none of them comes too late.

    Args:
        chunk: In the order of time.
        seconds: A reading comes before every one that is this much newer, or more [s]; at most the horizon.
        readings: At most so many newer ones come before it; together with the readings that share one time, less
            than the horizon's number.
        seed: The same one gives the same order.
        equal_times_too: Let readings of one time change places as well. Where neither counts nor the step clock
            tell their order, it is that of arrival, so that rows may then differ.
    """
    random = np.random.default_rng(seed)
    places = np.arange(len(chunk))
    latest = _last_place_within(chunk, seconds, readings)
    arrives = places + random.random(places.size) * (latest - places)
    if not equal_times_too:
        # Sorting what the readings of one time have drawn keeps each of them between its place and its latest one.
        arrives = arrives[np.lexsort((arrives, _times(chunk)))]
    return taken(chunk, np.argsort(arrives, kind="stable"))


def with_duplicates(
    chunk: ReadingChunk, seed: int, share: float = 0.1, seconds: float = 20.0, readings: int = 20
) -> ReadingChunk:
    """Some readings come a second time, soon enough to be known as duplicates.

    Half of those with a record index come back with another voltage: the first one stays.

    Args:
        chunk: In the order of time.
        seed: The same one gives the same duplicates.
        share: Chance of each reading.
        seconds: A duplicate comes before any reading that is this much newer, or more [s].
        readings: At most so many newer ones come before it.
    """
    random = np.random.default_rng(seed)
    places = np.arange(len(chunk))
    latest = _last_place_within(chunk, seconds, readings)
    again = places[random.random(places.size) < share]
    # Half a place behind the reading that it comes after, at the soonest behind its twin.
    arrives = np.floor(again + random.random(again.size) * (latest[again] - again)) + 0.5
    order = np.argsort(np.concatenate([places, arrives]), kind="stable")
    sent = taken(chunk, np.concatenate([places, again])[order])
    altered = (order >= len(chunk)) & ~np.isnan(sent.values[RECORD_INDEX]) & (random.random(order.size) < 0.5)
    sent.values[VOLTAGE, altered] += 0.123
    return sent


def with_late(chunk: ReadingChunk, seed: int, share: float = 0.02, readings: int = 100) -> ReadingChunk:
    """Some readings are held back until ``readings`` others have gone by: more than the horizon's number is late."""
    random = np.random.default_rng(seed)
    arrives = np.arange(len(chunk), dtype=np.float64)
    arrives[random.random(arrives.size) < share] += readings + 0.5
    return taken(chunk, np.argsort(arrives, kind="stable"))


def interleaved(streams: Sequence[Sequence[ReadingChunk]], seed: int) -> list[ReadingChunk]:
    """The chunks of several batteries in one order; each battery's own order stays."""
    random = np.random.default_rng(seed)
    turns = np.repeat(np.arange(len(streams)), [len(chunks) for chunks in streams])
    random.shuffle(turns)
    waiting = [iter(chunks) for chunks in streams]
    return [next(waiting[turn]) for turn in turns.tolist()]


def _piece(chunk: ReadingChunk, start: int, end: int) -> ReadingChunk:
    ends_there = end == len(chunk)
    first = int(chunk.offsets[start]) if start < len(chunk) else chunk.position.first_offset
    following = chunk.position.next_offset if ends_there else int(chunk.offsets[end])
    return replace(
        chunk,
        values=chunk.values[:, start:end],
        offsets=chunk.offsets[start:end],
        indices=chunk.indices[start:end],
        position=replace(chunk.position, first_offset=first, next_offset=following),
        closes=chunk.closes and ends_there,
    )


def _last_place_within(chunk: ReadingChunk, seconds: float, readings: int) -> NDArray[np.int64]:
    """Place of the newest reading that may arrive before each one."""
    time = _times(chunk)
    by_time = np.searchsorted(time, time + seconds, side="left") - 1
    places = np.arange(time.size)
    return np.clip(by_time, places, np.minimum(places + readings, time.size - 1))


def _times(chunk: ReadingChunk) -> NDArray[np.float64]:
    test_time, unix_time = chunk.values[:2]
    times: NDArray[np.float64] = np.where(np.isnan(test_time), unix_time, test_time)
    return times
