"""Rows of an export as messages of one reading each.

A message a row has an offset of its own, so that it does not matter how a growing file was cut into polls: what was
applied and what was not is told row by row.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pyarrow as pa

from schemas.reading import ARROW_STREAM_BEGINS, INTEGER_COLUMNS

_encode = msgspec.json.Encoder().encode


def row_messages(message: bytes) -> Iterator[bytes]:
    """A message of an export's rows as one JSON object a reading; what is no Arrow stream goes on as it is."""
    if not message.startswith(ARROW_STREAM_BEGINS):
        yield message
        return
    with pa.ipc.open_stream(message) as stream:
        table = stream.read_all()
    texts = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    names = table.column_names
    for values in zip(*(_numbers(name, table[name]) for name in names), strict=True):
        known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        yield _encode({**texts, **known})


def _numbers(name: str, column: pa.ChunkedArray) -> list[float | None]:
    values = column.to_pylist()
    if name not in INTEGER_COLUMNS:
        return values  # type: ignore[no-any-return]
    return [int(value) if value is not None and value == value // 1 else value for value in values]
