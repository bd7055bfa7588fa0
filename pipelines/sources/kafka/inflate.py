"""Compressed record batches, inflated up to a limit."""

from __future__ import annotations

import gzip
import io
from typing import Protocol

import lz4.frame
import snappy
import zstandard

NONE, GZIP, SNAPPY, LZ4, ZSTD = range(5)
"""Kafka's numbers for the codecs."""

_PIECE_BYTES = 1024 * 1024
_XERIAL_BEGINS = b"\x82SNAPPY\x00"
_XERIAL_HEADER_BYTES = 16


class TooLargeError(ValueError):
    """What comes out is more than the limit."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def inflate(codec: int, data: bytes, limit: int) -> bytes:
    """What was compressed.

    Args:
        codec: Kafka's number for it.
        data: Compressed.
        limit: Most that may come out [byte].

    Raises:
        TooLargeError: More would come out.
        ValueError: There is no such codec.
        Exception: Whatever the codec raises when ``data`` is damaged.
    """
    if codec == NONE:
        return data
    if codec == SNAPPY:
        return _unsnapped(data, limit)
    return _read(_opened(codec, data), limit)


def _opened(codec: int, data: bytes) -> _Readable:
    if codec == GZIP:
        return gzip.GzipFile(fileobj=io.BytesIO(data))
    if codec == LZ4:
        return lz4.frame.LZ4FrameFile(io.BytesIO(data))  # type: ignore[no-any-return]
    if codec == ZSTD:
        return zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
    raise ValueError(f"there is no codec {codec}")


def _read(file: _Readable, limit: int) -> bytes:
    pieces, size = [], 0
    while piece := file.read(_PIECE_BYTES):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLargeError(size)
    return b"".join(pieces)


def _unsnapped(data: bytes, limit: int) -> bytes:
    """Snappy says at the front how much comes out. Java writes blocks with their sizes, others one block alone."""
    blocks = _xerial_blocks(data) if data.startswith(_XERIAL_BEGINS) else [data]
    size = sum(map(_stated_size, blocks))
    if size > limit:
        raise TooLargeError(size)
    return b"".join(map(snappy.decompress, blocks))


def _xerial_blocks(data: bytes) -> list[bytes]:
    blocks, place = [], _XERIAL_HEADER_BYTES
    while place < len(data):
        stop = place + 4 + int.from_bytes(data[place : place + 4])
        blocks.append(data[place + 4 : stop])
        place = stop
    return blocks


def _stated_size(block: bytes) -> int:
    size = 0
    for place, byte in enumerate(block[:5]):
        size |= (byte & 127) << (7 * place)
        if byte < 128:
            break
    return size
