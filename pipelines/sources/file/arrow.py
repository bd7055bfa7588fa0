"""Columns to the Arrow message of the wire format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def arrow_message(names: Sequence[str], values: NDArray[np.float64], metadata: Mapping[str, str]) -> bytes:
    """An Arrow IPC stream of one record batch.

    Args:
        names: Of the columns.
        values: One row a column, shape (columns, n); NaN becomes null.
        metadata: Of the schema: ``battery_id`` and what else holds for all rows.
    """
    schema = pa.schema([pa.field(name, pa.float64()) for name in names], metadata=dict(metadata))
    columns = [pa.array(column, mask=np.isnan(column)) for column in values]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.record_batch(columns, schema=schema))
    message: bytes = sink.getvalue().to_pybytes()
    return message
