"""Readings of the oracle's generators as messages in every wire format, with garbage between them."""

import base64
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa

from schemas import COLUMNS, ReadingChunk
from schemas.reading import INTEGER_COLUMNS

GARBAGE = (b"{", b'{"battery_id":"b1"}', b"not json", b'{"battery_id":"b 1","current_ampere":1,"voltage_volt":1}')


def messages(chunk: ReadingChunk, random: np.random.Generator) -> list[tuple[bytes, list[dict[str, object]]]]:
    """The chunk's readings in their order, each message with what it says: single ones, columns, Arrow."""
    found, start = [], 0
    while start < len(chunk):
        stop = start + int(random.integers(1, 40))
        values = chunk.values[:, start:stop]
        form = random.choice([_singles, _columns, _arrow])
        written = list(form(chunk, values))
        readings = [as_reading(chunk, column) for column in values.T]
        # One message says all of them, or each says one.
        found += zip(written, [[one] for one in readings] if len(written) > 1 else [readings], strict=True)
        start = stop
    return found


def as_reading(chunk: ReadingChunk, column: np.ndarray) -> dict[str, object]:
    """One reading as the oracle and the JSON format take it; what is not known is left out."""
    known = {name: value for name, value in zip(COLUMNS, column.tolist(), strict=True) if value == value}
    whole = {name: int(value) for name, value in known.items() if name in INTEGER_COLUMNS}
    return {"battery_id": chunk.battery_id, **_head(chunk), **known, **whole}


def _head(chunk: ReadingChunk) -> dict[str, object]:
    return {name: value for name, value in (("test_id", chunk.test_id), ("group", chunk.group)) if value}


def _singles(chunk: ReadingChunk, values: np.ndarray) -> Iterator[bytes]:
    return (msgspec.json.encode(as_reading(chunk, column)) for column in values.T)


def _columns(chunk: ReadingChunk, values: np.ndarray) -> list[bytes]:
    lists = {
        name: [value if value == value else None for value in row.tolist()]
        for name, row in zip(COLUMNS, values, strict=True)
    }
    return [msgspec.json.encode({"battery_id": chunk.battery_id, **_head(chunk), **lists})]


def _arrow(chunk: ReadingChunk, values: np.ndarray) -> list[bytes]:
    metadata = {"battery_id": chunk.battery_id, **_head(chunk)}
    batch = pa.record_batch(
        [pa.array(row, from_pandas=True) for row in values], pa.schema([(c, pa.float64()) for c in COLUMNS], metadata)
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return [base64.b64encode(sink.getvalue())]
