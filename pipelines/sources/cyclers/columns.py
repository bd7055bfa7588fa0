"""Columns of an export, texts or typed, in our units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.sources.cyclers.clocks import clocks, elapsed, naive_to_utc, numeric_clocks
from pipelines.sources.cyclers.numbers import Converted, Flags, Floats, numbers
from pipelines.sources.cyclers.table import DIMENSIONS, Column
from pipelines.sources.cyclers.units import scale_of

_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file writes its values.

    Attributes:
        decimal: "." or ",".
        day_first: 01/02/2020 is in February.
        zone: Where clocks without a zone of their own hang.
    """

    decimal: str = "."
    day_first: bool = False
    zone: tzinfo = UTC


def converted(cells: pa.Array, column: Column, manner: Manner) -> Converted:
    """The values of one column in our unit; not those of texts (`texts_of`).

    Args:
        cells: Texts, numbers or times, shape (n,).
        column: What they are.
        manner: How they are written.
    """
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_large_string(cells.type) or pa.types.is_string_view(cells.type):
        cells = pc.cast(cells, pa.string())
    if pa.types.is_string(cells.type):
        return _from_texts(cells, column, manner)
    values = _from_typed(cells, column, manner)
    known = pc.is_valid(cells).to_numpy(zero_copy_only=False) & ~_is_nan(cells)
    return Converted(np.where(np.isfinite(values), values, np.nan), known & ~np.isfinite(values))


def texts_of(cells: pa.Array) -> pa.Array:
    """Strings, whatever the type of the column; null where there is none."""
    if pa.types.is_null(cells.type):
        return pa.nulls(len(cells), pa.string())
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    return pc.cast(cells, pa.string())


def by_word(texts: pa.Array, meaning: Callable[[str], int]) -> NDArray[np.int8]:
    """What each text means, each different one looked at once; one that is not there means what the empty one does.

    Args:
        texts: Strings, shape (n,).
        meaning: Of one of them.
    """
    coded = texts.dictionary_encode()
    known = np.array([*(meaning(text or "") for text in coded.dictionary.to_pylist()), meaning("")], np.int8)
    found: NDArray[np.int8] = known[pc.fill_null(coded.indices, len(known) - 1).to_numpy(zero_copy_only=False)]
    return found


def _from_texts(texts: pa.Array, column: Column, manner: Manner) -> Converted:
    dimension = DIMENSIONS[column.target]
    if dimension == "clock":
        return clocks(texts, manner.zone, day_first=manner.day_first, decimal=manner.decimal)
    scale = scale_of(column.unit, dimension)
    if dimension == "time":
        return elapsed(texts, scale, manner.decimal)
    found = numbers(texts, manner.decimal)
    return Converted(found.values * scale.multiply / scale.divide + scale.add, found.failed)


def _from_typed(cells: pa.Array, column: Column, manner: Manner) -> Floats:
    kind = cells.type
    if pa.types.is_timestamp(kind):
        seconds = _floats(pc.cast(cells, pa.int64())) / _PER_SECOND[kind.unit]
        return seconds if kind.tz else naive_to_utc(seconds, manner.zone)
    if pa.types.is_duration(kind) or pa.types.is_time(kind):
        whole = pa.int32() if kind.bit_width == pa.int32().bit_width else pa.int64()
        return _floats(pc.cast(cells, whole)) / _PER_SECOND[kind.unit]
    if pa.types.is_date(kind):
        return naive_to_utc(_floats(pc.cast(pc.cast(cells, pa.timestamp("s")), pa.int64())), manner.zone)
    values = _floats(cells)
    if DIMENSIONS[column.target] == "clock":
        return numeric_clocks(values, manner.zone)
    scale = scale_of(column.unit, DIMENSIONS[column.target])
    return values * scale.multiply / scale.divide + scale.add


def _floats(cells: pa.Array) -> Floats:
    values: Floats = pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return values


def _is_nan(cells: pa.Array) -> Flags:
    if not pa.types.is_floating(cells.type):
        return np.zeros(len(cells), np.bool_)
    flags: Flags = pc.fill_null(pc.is_nan(cells), fill_value=True).to_numpy(zero_copy_only=False)
    return flags
