"""An Arrow IPC stream: the binary form of batches."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from pipelines.decoding.arrow_keys import identifiers_of
from pipelines.decoding.arrow_size import checked_messages
from pipelines.decoding.arrow_values import values_of
from pipelines.decoding.columns import Columns, check_count
from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS
from schemas.reading import ARROW_STREAM_BEGINS, REQUIRED_COLUMNS

_OURS = frozenset((*COLUMNS, *Identifiers._fields))
_MAX_KEPT_SCHEMA_BYTES = 4096
_OPTIONS = pa.ipc.IpcReadOptions(use_threads=False)


class _Layout(NamedTuple):
    """What the schema of a stream says; senders repeat it in every message."""

    schema: pa.Schema
    places: list[int]
    texts: list[str]
    metadata: dict[bytes, bytes]


def decode_stream(stream: bytes, limits: Limits) -> Columns:
    """The readings of all record batches of a stream, not yet checked.

    Raises:
        Refusal: It is too large, lacks a column that is required, or has one of another type.
        pyarrow.ArrowException, OSError, ValueError, struct.error: It is no Arrow stream.
    """
    messages, inflated = checked_messages(stream, limits.inflated_bytes)
    layout = _layout_of(stream)
    if inflated or any(message.type != "record batch" for message in messages[1:]):
        batches = list(pa.ipc.open_stream(stream, options=_OPTIONS))
    else:  # the same in half of the time
        batches = [pa.ipc.read_record_batch(message, layout.schema) for message in messages[1:]]
    check_count(sum(batch.num_rows for batch in batches), len(stream), limits)
    batch = _united([_validated(batch, layout) for batch in batches])
    texts = {name: batch.column(name) for name in layout.texts}
    identifiers, codes = identifiers_of(texts, layout.metadata, batch.num_rows)
    return Columns(identifiers, codes, values_of(batch.drop_columns(layout.texts) if texts else batch))


def _layout_of(stream: bytes) -> _Layout:
    (size,) = struct.unpack_from("<i", stream, len(ARROW_STREAM_BEGINS))
    message = stream[: len(ARROW_STREAM_BEGINS) + 4 + size]
    return _kept_layout(message) if len(message) <= _MAX_KEPT_SCHEMA_BYTES else _layout(message)


def _layout(schema_message: bytes) -> _Layout:
    schema = pa.ipc.read_schema(pa.py_buffer(schema_message))
    places = {name: place for place, name in enumerate(schema.names) if name in _OURS}  # the last one, as in JSON
    missing = [name for name in REQUIRED_COLUMNS if name not in places]
    if missing:
        raise Refusal("missing_field", f"there is no column {missing[0]}")
    texts = [name for name in Identifiers._fields if name in places]
    return _Layout(schema, list(places.values()), texts, schema.metadata or {})


_kept_layout = lru_cache(1024)(_layout)


def _validated(batch: pa.RecordBatch, layout: _Layout) -> pa.RecordBatch:
    """Those columns that we know; without this, what the stream says of its own buffers is believed."""
    if len(layout.places) < batch.num_columns:
        batch = batch.select(layout.places)
    batch.validate(full=True)
    return batch


def _united(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks().to_batches()[0]
