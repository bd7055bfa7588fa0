"""Record batches made by hand, and what comes out of them."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.decoding import decode
from schemas import COLUMNS, DeadLetter, DeadLetterChunk, ReadingChunk, RecordBatch

ARRIVAL_UNIX_SECOND = 1_770_000_000.0
FIRST_OFFSET = 1000
PARTITION = "log:test/00"


def a_batch(*messages: bytes, sizes: Sequence[int] | None = None, closes: bool = False) -> RecordBatch:
    """A poll with these messages at offsets 1000, 1010, 1020 and so on; the next one stands at 5 behind the last."""
    lengths = [len(message) for message in messages]
    offsets = FIRST_OFFSET + 10 * np.arange(len(messages), dtype=np.int64)
    return RecordBatch(
        PARTITION,
        FIRST_OFFSET,
        int(offsets[-1]) + 5 if messages else FIRST_OFFSET + 5,
        ARRIVAL_UNIX_SECOND,
        offsets,
        np.cumsum(lengths, dtype=np.int64),
        np.array(lengths if sizes is None else sizes, np.int64),
        b"".join(messages),
        closes,
    )


def offset_of(number: int) -> int:
    return FIRST_OFFSET + 10 * number


def decoded(*messages: bytes) -> tuple[list[ReadingChunk], tuple[DeadLetter, ...]]:
    """Chunks and dead letters of these messages."""
    chunks: list[ReadingChunk] = []
    letters: tuple[DeadLetter, ...] = ()
    for _, chunk in decode(a_batch(*messages)):
        if isinstance(chunk, DeadLetterChunk):
            letters = chunk.letters
        else:
            chunks.append(chunk)
    return chunks, letters


def row(chunk: ReadingChunk, name: str) -> list[float | None]:
    """One column of a chunk; `None` where not known."""
    return [None if value != value else value for value in chunk.values[COLUMNS.index(name)].tolist()]


def arrow(
    columns: dict[str, Any], metadata: dict[str, str] | None = None, compression: str | None = None, batches: int = 1
) -> bytes:
    """Columns as an Arrow stream of so many record batches of one size."""
    table = pa.table(columns).replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression, emit_dictionary_deltas=True)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=max(1, table.num_rows // batches))
    return sink.getvalue().to_pybytes()


def some_columns(readings: int = 3) -> dict[str, Any]:
    """Good readings; the voltages are 3.0, 3.001, 3.002 and so on."""
    count = np.arange(readings)
    return {
        "unix_time_second": 1_760_000_000.0 + count,
        "current_ampere": np.full(readings, -1.25),
        "voltage_volt": 3.0 + count / 1000,
        "cycle_count": np.full(readings, 7, np.int32),
    }


def as_base64(stream: bytes) -> bytes:
    return base64.b64encode(stream)
