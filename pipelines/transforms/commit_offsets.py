"""From acknowledgements to committed offsets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipelines.transforms.offset_chain import OffsetChain, decode_offset_chain, encode_offset_chain
from pipelines.transforms.resources import StoreDoFn, committed_offset
from schemas import decode_acknowledgement


class SupersededError(RuntimeError):
    """A newer run has taken over this store: nothing of this one counts any more."""


def superseded(epoch: int, store_url: str) -> SupersededError:
    """What to raise in a job of that epoch."""
    return SupersededError(f"epoch {epoch} was superseded: another run writes to {store_url} now")


class _CommittingDoFn(StoreDoFn):
    """Commits, at the end of a bundle, how far the partitions of the bundle have come."""

    def __init__(self, store_url: str, epoch: int) -> None:
        super().__init__(store_url)
        self._epoch = epoch

    def start_bundle(self) -> None:
        self._moved: dict[str, int] = {}

    def _advanced(self, partition: str, kept: OffsetChain | None, data: Iterable[bytes]) -> OffsetChain:
        before = after = OffsetChain(committed_offset(self.store, partition)) if kept is None else kept
        for each in data:
            after = after.with_acknowledgement(decode_acknowledgement(each))
        if after.committed > before.committed:
            self._moved[partition] = after.committed
        return after

    def finish_bundle(self) -> None:
        if self._moved and not self.store.commit(self._epoch, self._moved):
            raise superseded(self._epoch, self._store_url)
        self._moved = {}


class CommitOffsets(_CommittingDoFn):
    """Commit the contiguous prefix of each partition whose polls are stored whole."""

    CHAIN = ReadModifyWriteStateSpec("chain", BytesCoder())

    def process(
        self,
        keyed: tuple[str, bytes],
        held: Any = beam.DoFn.StateParam(CHAIN),
    ) -> None:
        partition, data = keyed
        kept = held.read()
        chain = self._advanced(partition, decode_offset_chain(kept) if kept else None, [data])
        held.write(encode_offset_chain(chain))


class CommitRun(_CommittingDoFn):
    """The same where all acknowledgements of a partition come together, at the end of a run."""

    def process(self, keyed: tuple[str, Iterable[bytes]]) -> None:
        self._advanced(keyed[0], None, keyed[1])
