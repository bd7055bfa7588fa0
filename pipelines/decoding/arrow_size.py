"""How large an Arrow stream becomes: read off its messages, before anything is inflated.

Arrow writes the size of each compressed buffer in front of it and allocates as much on reading, so that a few bytes
can ask for gigabytes. Layout of the tables: ``Message.fbs`` of the Arrow format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pyarrow as pa

from pipelines.decoding.refusal import Refusal

_HEADER, _DICTIONARY_DATA, _BUFFERS, _COMPRESSION = 2, 1, 2, 3
"""Numbers of fields in the tables Message, DictionaryBatch and, both, RecordBatch."""

_NOT_COMPRESSED = -1
_int16 = struct.Struct("<H").unpack_from
_int32 = struct.Struct("<i").unpack_from
_int64 = struct.Struct("<q").unpack_from
_buffer = struct.Struct("<qq").unpack_from


def checked_messages(stream: bytes, limit: int) -> tuple[list[pa.Message], int]:
    """The messages of a stream, and how large their compressed buffers become together [byte].

    Raises:
        Refusal: Larger than ``limit``, or one has a size that none can have.
        pyarrow.ArrowInvalid, struct.error, OSError: It is no Arrow stream.
    """
    size = 0
    messages = list(_messages(stream))
    for message in messages:
        for inflated in _inflated_sizes(message):
            if inflated < 0:
                raise Refusal("malformed", f"a compressed buffer of {inflated} bytes")
            size += inflated
        if size > limit:
            raise Refusal("oversized", f"{size} bytes when inflated, more than {limit}")
    return messages, size


def _messages(stream: bytes) -> Iterator[pa.Message]:
    reader = pa.ipc.MessageReader.open_stream(stream)
    while True:
        try:
            yield reader.read_next_message()
        except StopIteration:
            return


def _inflated_sizes(message: pa.Message) -> Iterator[int]:
    """Of each compressed buffer [byte]."""
    if message.type not in ("record batch", "dictionary"):
        return
    metadata = memoryview(message.metadata)
    batch = _table(metadata, _int32(metadata, 0)[0], _HEADER)
    if message.type == "dictionary" and batch:
        batch = _table(metadata, batch, _DICTIONARY_DATA)
    if not batch or not _field(metadata, batch, _COMPRESSION):
        return
    buffers = _table(metadata, batch, _BUFFERS)
    body = memoryview(message.body)
    for number in range(_int32(metadata, buffers)[0] if buffers else 0):
        offset, length = _buffer(metadata, buffers + 4 + number * 16)
        if length:
            inflated = _int64(body, offset)[0]
            yield length if inflated == _NOT_COMPRESSED else inflated


def _field(metadata: memoryview, table: int, number: int) -> int:
    """Where a field of a table is; 0 when it has none."""
    names = table - _int32(metadata, table)[0]
    place = 4 + 2 * number
    if place >= _int16(metadata, names)[0]:
        return 0
    offset = int(_int16(metadata, names + place)[0])
    return table + offset if offset else 0


def _table(metadata: memoryview, table: int, number: int) -> int:
    """Where the table or vector is that a field points to; 0 when it has none."""
    field = _field(metadata, table, number)
    return field + int(_int32(metadata, field)[0]) if field else 0
