"""From record batches to chunks, one a battery, under the battery's key."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam

from pipelines.decoding import decode
from schemas import decode_record_batch, encode_chunk


class Decode(beam.DoFn):
    """Split a batch by battery. Dead letters go the same way, under a key of their own."""

    def process(self, element: bytes) -> Iterator[tuple[str, bytes]]:
        for key, chunk in decode(decode_record_batch(element)):
            yield key, encode_chunk(chunk)
