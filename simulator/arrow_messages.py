"""Readings as an Arrow IPC stream of one record batch."""

from __future__ import annotations

import base64

import numpy as np
import pyarrow as pa

from schemas.reading import ARROW_STREAM_BEGINS, INTEGER_COLUMNS
from simulator.readings import Readings

_TEXT_BEGINS = base64.b64encode(ARROW_STREAM_BEGINS)[:5]


def encode_arrow(readings: Readings) -> bytes:
    """Columns named as in `schemas.Reading`; the identifiers, one for all rows, in the metadata of the schema."""
    texts = {"battery_id": readings.battery_id, "test_id": readings.test_id, "group": readings.group}
    written = readings.written()
    fields = [(name, pa.int64() if name in INTEGER_COLUMNS else pa.float64()) for name in written]
    schema = pa.schema(fields, {name: text for name, text in texts.items() if text is not None})
    columns = [
        pa.array(column.astype(np.int64) if name in INTEGER_COLUMNS else np.ascontiguousarray(column))
        for name, column in written.items()
    ]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def is_arrow(message: bytes) -> bool:
    """True for a message from `encode_arrow`, also in base64, as a readings log has it."""
    return message.startswith((ARROW_STREAM_BEGINS, _TEXT_BEGINS))


def decode_arrow(message: bytes) -> tuple[str, dict[str, list[float]]]:
    """Battery and columns of a message from `encode_arrow`, also in base64, as a readings log has it.

    Raises:
        ValueError: It is none.
    """
    if message.startswith(_TEXT_BEGINS):
        message = base64.b64decode(message, validate=True)
    with pa.ipc.open_stream(message) as stream:
        table = stream.read_all()
    return table.schema.metadata[b"battery_id"].decode(), table.to_pydict()
