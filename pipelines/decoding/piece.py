"""Checked readings with the same identifiers, and how columns are cut into such pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.decoding.columns import Columns, Floats, Integers
from pipelines.decoding.identifiers import Identifiers


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a `ReadingChunk`; the fields are the same."""

    identifiers: Identifiers
    values: Floats
    offsets: Integers
    indices: Integers


def without(columns: Columns, places: list[int]) -> tuple[Columns, Integers]:
    """The columns without the readings at these places, and where the others were."""
    kept = np.arange(len(columns), dtype=np.int64)
    if not places:
        return columns, kept
    kept = np.delete(kept, places)
    return Columns(columns.identifiers, columns.codes[kept], columns.values.take(kept, axis=1)), kept


def pieces_of(columns: Columns, offsets: Integers, indices: Integers) -> Iterator[Piece]:
    """Battery by battery, as the readings come; a new piece when the test or the group changes.

    Args:
        columns: Readings without fault.
        offsets: Of their messages, shape (n,).
        indices: Their numbers within the messages, shape (n,).
    """
    if len(columns.identifiers) == 1:
        if len(columns):
            yield Piece(columns.identifiers[0], columns.values, offsets, indices)
        return
    order = np.argsort(_batteries(columns), kind="stable")
    codes, values = columns.codes[order], columns.values.take(order, axis=1)
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(order)]
    for start, stop in pairwise(cuts):
        if start < stop:
            part = np.ascontiguousarray(values[:, start:stop])
            here = order[start:stop]
            yield Piece(columns.identifiers[codes[start]], part, offsets[here], indices[here])


def _batteries(columns: Columns) -> NDArray[Any]:
    """Number of the battery of each reading; small ones, which numpy sorts in linear time, where they suffice."""
    numbers: dict[str | None, int] = {}
    batteries = [numbers.setdefault(one.battery_id, len(numbers)) for one in columns.identifiers]
    kind = np.uint16 if len(numbers) <= np.iinfo(np.uint16).max else np.int64
    return np.array(batteries, kind)[columns.codes]
