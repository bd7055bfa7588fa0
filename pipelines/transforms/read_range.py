"""From ranges to record batches: the front of a bounded run."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
import msgspec

from pipelines.sources import Source
from pipelines.transforms.resources import SourceDoFn
from schemas import RecordBatch, encode_record_batch


class Range(msgspec.Struct, frozen=True, array_like=True):
    """Of ``partition``, from ``offset`` on, about ``max_bytes``; a run reads it whole and ends."""

    partition: str
    offset: int
    max_bytes: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Range)


class Ranges(beam.DoFn):
    """Emit the ranges it was made with, each an element of its own."""

    def __init__(self, ranges: tuple[Range, ...]) -> None:
        self._ranges = [_encoder.encode(each) for each in ranges]

    def process(self, element: bytes) -> Iterator[bytes]:
        yield from self._ranges


class ReadRange(SourceDoFn):
    """Read a range, a batch at a time."""

    def __init__(self, source_url: str, poll_bytes: int) -> None:
        super().__init__(source_url)
        self._poll_bytes = poll_bytes

    def process(self, element: bytes) -> Iterator[bytes]:
        yield from map(encode_record_batch, _read(self.source, _decoder.decode(element), self._poll_bytes))


def _read(source: Source, wanted: Range, poll_bytes: int) -> Iterator[RecordBatch]:
    offset, left = wanted.offset, wanted.max_bytes
    while left > 0:
        batch = source.poll(wanted.partition, offset, min(poll_bytes, left))
        if batch is None:
            return
        yield batch
        offset = batch.next_offset
        left -= max(1, len(batch.payload))
