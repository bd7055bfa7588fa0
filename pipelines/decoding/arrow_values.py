"""The numbers of an Arrow record batch as one matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.decoding.columns import Floats
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS
from schemas.reading import REQUIRED_COLUMNS

_ROWS = {name: row for row, name in enumerate(COLUMNS)}
_REQUIRED = [_ROWS[name] for name in REQUIRED_COLUMNS]


def values_of(batch: pa.RecordBatch) -> Floats:
    """One row a name in `COLUMNS`, NaN where null or not there; NaN of a required column that is not null: infinite.

    Args:
        batch: Only columns of these names, each once, validated; those that are required are there.

    Raises:
        Refusal: One is not of numbers.
    """
    rows = [_ROWS[name] for name in batch.schema.names]
    values = np.full((len(COLUMNS), batch.num_rows), np.nan)
    for row, numbers in zip(rows, _matrix(batch), strict=True):
        values[row] = numbers
    for row in _REQUIRED:
        if math.isnan(values[row].min()):
            nulls = batch.column(rows.index(row)).is_null().to_numpy(zero_copy_only=False)
            values[row, np.isnan(values[row]) & ~nulls] = np.inf  # not missing, but no number
    return values


def _matrix(batch: pa.RecordBatch) -> NDArray[Any] | list[NDArray[Any]]:
    """One row a column; in one call where Arrow can, it takes a third of the time."""
    try:
        tensor = batch.to_tensor(null_to_nan=True, row_major=False)
    except pa.ArrowException:
        return [_numbers(name, column) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    matrix: NDArray[Any] = tensor.to_numpy().T
    return matrix


def _numbers(name: str, column: pa.Array) -> NDArray[Any]:
    kind = column.type
    if pa.types.is_null(kind) or pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    elif not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        raise Refusal("wrong_type", f"{name} is a column of {kind}")
    numbers: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return numbers
