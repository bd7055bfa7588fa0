"""A job that goes on without its client ends when another run has taken over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from pipelines.storage import StoreAwayError
from pipelines.transforms.commit_offsets import superseded
from pipelines.transforms.resources import StoreDoFn

LOOK_SECOND = 5.0
"""How often the store is asked whose turn it is."""


class WhileInCharge(StoreDoFn):
    """Hand on every element as long as no newer epoch was taken.

    What a superseded job commits is refused, which ends it. One that has nothing to commit would go on for ever, and
    would keep its place in the cluster.
    """

    def __init__(self, store_url: str, epoch: int) -> None:
        super().__init__(store_url)
        self._epoch = epoch

    def setup(self) -> None:
        super().setup()
        self._next_look = 0.0

    def process(self, element: bytes) -> Iterator[bytes]:
        if time.monotonic() >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + LOOK_SECOND
        yield element

    def _look(self) -> None:
        with suppress(StoreAwayError):  # who cannot be asked has not said no
            if self.store.newest_epoch() > self._epoch:
                raise superseded(self._epoch, self._store_url)
