"""An Arrow IPC stream: the binary form of batches."""

from __future__ import annotations

import pyarrow as pa

from pipelines.decoding.arrow_keys import identifiers_of
from pipelines.decoding.arrow_size import check_inflated_size
from pipelines.decoding.arrow_values import values_of
from pipelines.decoding.columns import Columns, check_count
from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import Refusal
from schemas import COLUMNS
from schemas.reading import REQUIRED_COLUMNS

STREAM_BEGINS = b"\xff\xff\xff\xff"

_OURS = frozenset((*COLUMNS, *Identifiers._fields))
_OPTIONS = pa.ipc.IpcReadOptions(use_threads=False)


def decode_stream(stream: bytes, limits: Limits) -> Columns:
    """The readings of all record batches of a stream, not yet checked.

    Raises:
        Refusal: It is too large, lacks a column that is required, or has one of another type.
        pyarrow.ArrowException, OSError, ValueError, struct.error: It is no Arrow stream.
    """
    check_inflated_size(stream, limits.inflated_bytes)
    batch = _read(stream, limits)
    schema = batch.schema
    names = schema.names
    texts = {name: batch.column(names.index(name)) for name in Identifiers._fields if name in names}
    identifiers, codes = identifiers_of(texts, schema.metadata or {}, batch.num_rows)
    return Columns(identifiers, codes, values_of(batch.drop_columns(list(texts)) if texts else batch))


def _read(stream: bytes, limits: Limits) -> pa.RecordBatch:
    """Those columns that we know, of all record batches as one."""
    reader = pa.ipc.open_stream(stream, options=_OPTIONS)
    names = reader.schema.names
    places = _places(names)
    batches = list(reader)
    check_count(sum(batch.num_rows for batch in batches), len(stream), limits)
    if len(places) < len(names):
        batches = [batch.select(places) for batch in batches]
    for batch in batches:
        batch.validate(full=True)  # else what the stream says of its own buffers is believed
    return batches[0] if len(batches) == 1 else _united(batches)


def _places(names: list[str]) -> list[int]:
    """Of the columns that we know; the last one of a name, as in JSON."""
    places = {name: place for place, name in enumerate(names) if name in _OURS}
    missing = [name for name in REQUIRED_COLUMNS if name not in places]
    if missing:
        raise Refusal("missing_field", f"there is no column {missing[0]}")
    return list(places.values())


def _united(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]
