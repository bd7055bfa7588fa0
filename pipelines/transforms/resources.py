"""DoFns that hold a source or a store open while they live on a worker.

Both are opened when they are first used: what goes wrong in ``setup`` is noticed by Flink only after three minutes.
Before ``setup`` there is no such attribute, so that Beam, which looks at all of them, opens nothing.
"""

from __future__ import annotations

import apache_beam as beam

from pipelines.sources import Source, open_source
from pipelines.storage import Store, open_store


class SourceDoFn(beam.DoFn):
    """Opens the source of ``source_url`` on the worker; only the URL travels."""

    def __init__(self, source_url: str) -> None:
        self._source_url = source_url

    def setup(self) -> None:
        self._opened_source: Source | None = None

    @property
    def source(self) -> Source:
        """The source, open."""
        if self._opened_source is None:
            self._opened_source = open_source(self._source_url)
        return self._opened_source

    def teardown(self) -> None:
        if self._opened_source is not None:
            self._opened_source.close()


class StoreDoFn(beam.DoFn):
    """Opens the store of ``store_url`` on the worker; only the URL travels."""

    def __init__(self, store_url: str) -> None:
        self._store_url = store_url

    def setup(self) -> None:
        self._opened_store: Store | None = None

    @property
    def store(self) -> Store:
        """The store, open."""
        if self._opened_store is None:
            self._opened_store = open_store(self._store_url)
        return self._opened_store

    def teardown(self) -> None:
        if self._opened_store is not None:
            self._opened_store.close()


def committed_offset(store: Store, partition: str) -> int:
    """Where the store says that ``partition`` is to be read on; 0 when it was never read."""
    committed = store.committed().get(partition)
    return 0 if committed is None else committed.offset
