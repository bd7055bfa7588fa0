"""From ranges to record batches: the front of a bounded run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.sources import Source
from pipelines.transforms.resources import SourceDoFn
from schemas import RecordBatch, encode_record_batch


@dataclass(frozen=True, slots=True)
class Range:
    """Of ``partition``, from ``offset`` on, about ``max_bytes``; a run reads it whole and ends."""

    partition: str
    offset: int
    max_bytes: int


class ReadRange(SourceDoFn):
    """Read the ranges it was made with, a batch at a time."""

    def __init__(self, source_url: str, ranges: tuple[Range, ...], poll_bytes: int) -> None:
        super().__init__(source_url)
        self._ranges = ranges
        self._poll_bytes = poll_bytes

    def process(self, element: bytes) -> Iterator[bytes]:
        for wanted in self._ranges:
            yield from map(encode_record_batch, _read(self.source, wanted, self._poll_bytes))


def _read(source: Source, wanted: Range, poll_bytes: int) -> Iterator[RecordBatch]:
    offset, left = wanted.offset, wanted.max_bytes
    while left > 0:
        batch = source.poll(wanted.partition, offset, min(poll_bytes, left))
        if batch is None:
            return
        yield batch
        offset = batch.next_offset
        left -= max(1, len(batch.payload))
