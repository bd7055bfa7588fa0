"""A reading that makes the analytics raise becomes a dead letter; all others of its chunk count."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from pipelines.analytics import BatteryState, Rows, Settings, track
from schemas import COLUMNS, DeadLetter, ReadingChunk
from schemas.dead_letter import MAX_DETAIL_CHARACTERS


def track_or_refuse(
    state: BatteryState, chunk: ReadingChunk, settings: Settings
) -> tuple[BatteryState, tuple[Rows, ...], tuple[DeadLetter, ...]]:
    """Like `track`, but readings it cannot take are found by halving the chunk and handed back as dead letters.

    Returns:
        The state after all readings that could be taken, with the whole chunk applied; the rows of each piece, in
        order; the dead letters.
    """
    try:
        after, rows = track(state, chunk, settings)
    except Exception as error:
        if len(chunk) <= 1:
            return _applied(state, chunk), (), tuple(_letter(chunk, error, k) for k in range(len(chunk)))
    else:
        return after, (rows,), ()
    half = len(chunk) // 2
    left, left_rows, left_letters = track_or_refuse(state, _piece(chunk, 0, half), settings)
    # A message may be cut in two here: what the first half applied must not hide the second.
    again = replace(left, applied=state.applied)
    right, right_rows, right_letters = track_or_refuse(again, _piece(chunk, half, len(chunk)), settings)
    return _applied(right, chunk), left_rows + right_rows, left_letters + right_letters


def _piece(chunk: ReadingChunk, start: int, stop: int) -> ReadingChunk:
    return replace(
        chunk,
        values=np.ascontiguousarray(chunk.values[:, start:stop]),
        offsets=chunk.offsets[start:stop],
        indices=chunk.indices[start:stop],
        closes=chunk.closes and stop == len(chunk),
    )


def _applied(state: BatteryState, chunk: ReadingChunk) -> BatteryState:
    if not len(chunk):
        return state
    partition = chunk.position.partition
    newest = max(int(chunk.offsets[-1]), state.applied.get(partition, -1))
    return replace(state, applied={**state.applied, partition: newest})


def _letter(chunk: ReadingChunk, error: Exception, k: int) -> DeadLetter:
    values = dict(zip(COLUMNS, chunk.values[:, k].tolist(), strict=True))
    known = {name: value for name, value in values.items() if value == value}
    payload = msgspec.json.encode({"battery_id": chunk.battery_id, **known})
    return DeadLetter(
        chunk.position.partition,
        int(chunk.offsets[k]),
        int(chunk.indices[k]),
        "refused_by_analysis",
        f"{type(error).__name__}: {error}"[:MAX_DETAIL_CHARACTERS],
        payload,
        len(payload),
        chunk.arrival_unix_second,
    )
