"""Chunks of readings back to messages, for a gateway."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa

from schemas import COLUMNS, ReadingChunk
from schemas.chunk import Floats
from schemas.reading import INTEGER_COLUMNS, MAX_BATCH_READINGS

_encode = msgspec.json.Encoder().encode


def columns_messages(chunk: ReadingChunk) -> list[bytes]:
    """JSON objects with a list for each column that is known, null where a value of it is not."""
    return [
        _encode(_identifiers(chunk) | {name: _numbers(name, values) for name, values in _known(piece)})
        for piece in _pieces(chunk)
    ]


def arrow_messages(chunk: ReadingChunk) -> list[bytes]:
    """Arrow IPC streams; the identifiers are in the metadata of the schema, a value that is not known is null."""
    return [_stream(_identifiers(chunk), dict(_known(piece))) for piece in _pieces(chunk)]


def _pieces(chunk: ReadingChunk) -> Iterator[Floats]:
    for start in range(0, len(chunk), MAX_BATCH_READINGS):
        yield chunk.values[:, start : start + MAX_BATCH_READINGS]


def _identifiers(chunk: ReadingChunk) -> dict[str, object]:
    texts = {"battery_id": chunk.battery_id, "test_id": chunk.test_id, "group": chunk.group}
    return {name: text for name, text in texts.items() if text}


def _known(values: Floats) -> Iterator[tuple[str, Floats]]:
    for name, column in zip(COLUMNS, values, strict=True):
        if not np.isnan(column).all():
            yield name, column


def _numbers(name: str, values: Floats) -> list[float | None]:
    kind = int if name in INTEGER_COLUMNS else float
    return [None if value != value else kind(value) for value in values.tolist()]  # NaN


def _stream(identifiers: dict[str, object], columns: dict[str, Floats]) -> bytes:
    kinds = {name: pa.int64() if name in INTEGER_COLUMNS else pa.float64() for name in columns}
    schema = pa.schema(list(kinds.items()), identifiers)
    arrays = [pa.array(_numbers(name, values), kinds[name]) for name, values in columns.items()]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
