"""From ticks to record batches: each partition is read on from where it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipelines.storage import open_store
from pipelines.transforms.given_ticks import decode_tick
from pipelines.transforms.resources import SourceDoFn, committed_offset
from schemas import encode_record_batch


class Poll(SourceDoFn):
    """Read what there is in a partition at each tick, at most ``poll_bytes`` of it.

    State is the next offset. Cold, it is the committed offset of the store: what an attempt before this one read
    but did not commit is read again, and skipped where it was applied. A tick that was made before the last read
    ended finds nothing new: without dropping it, the ticks that queue up during a backlog would never be made up for.
    """

    NEXT_OFFSET = ReadModifyWriteStateSpec("next_offset", VarIntCoder())

    def __init__(self, source_url: str, store_url: str, poll_bytes: int) -> None:
        super().__init__(source_url)
        self._store_url = store_url
        self._poll_bytes = poll_bytes

    def setup(self) -> None:
        super().setup()
        self._read_until: dict[str, float] = {}

    def process(self, keyed: tuple[str, bytes], held: Any = beam.DoFn.StateParam(NEXT_OFFSET)) -> Iterator[bytes]:
        tick = decode_tick(*keyed)
        if tick.unix_second < self._read_until.get(tick.partition, 0.0):
            return
        offset = held.read()
        if offset is None:
            offset = self._cold(tick.partition)
            held.write(offset)
        batch = self.source.poll(tick.partition, offset, self._poll_bytes)
        self._read_until[tick.partition] = time.time()
        if batch is not None:
            held.write(batch.next_offset)
            yield encode_record_batch(batch)

    def _cold(self, partition: str) -> int:
        store = open_store(self._store_url)
        try:
            return committed_offset(store, partition)
        finally:
            store.close()
