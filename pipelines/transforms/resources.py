"""DoFns that hold a source or a store open while they live on a worker."""

from __future__ import annotations

import apache_beam as beam

from pipelines.sources import Source, open_source
from pipelines.storage import Store, open_store


class SourceDoFn(beam.DoFn):
    """Opens the source of ``source_url`` on the worker; only the URL travels."""

    source: Source

    def __init__(self, source_url: str) -> None:
        self._source_url = source_url

    def setup(self) -> None:
        self.source = open_source(self._source_url)

    def teardown(self) -> None:
        self.source.close()


class StoreDoFn(beam.DoFn):
    """Opens the store of ``store_url`` on the worker; only the URL travels."""

    store: Store

    def __init__(self, store_url: str) -> None:
        self._store_url = store_url

    def setup(self) -> None:
        self.store = open_store(self._store_url)

    def teardown(self) -> None:
        self.store.close()


def committed_offset(store: Store, partition: str) -> int:
    """Where the store says that ``partition`` is to be read on; 0 when it was never read."""
    committed = store.committed().get(partition)
    return 0 if committed is None else committed.offset
