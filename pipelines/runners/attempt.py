"""An attempt: one running of the graph, under an epoch of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipelines.options import RunSettings
from pipelines.sources import Source
from pipelines.storage import Store
from pipelines.transforms.commit_offsets import SupersededError
from pipelines.transforms.read_range import Range

RunGraph = Callable[[int, tuple[Range, ...] | None], None]
"""Runs the graph once, cold, to its end: under an epoch, live without ranges. Raises what made a bundle fail."""


class Attempts:
    """The attempts of one `run`, one after another on one store, until another `run` takes over."""

    def __init__(self, settings: RunSettings, store: Store, run_graph: RunGraph) -> None:
        self._settings = settings
        self._store = store
        self._run_graph = run_graph
        self._epoch = store.take_epoch(time.time())
        self._fresh = True

    @property
    def epoch(self) -> int:
        """Of the newest attempt."""
        return self._epoch

    @property
    def superseded(self) -> bool:
        """True when another run has taken an epoch since."""
        return self._store.newest_epoch() > self._epoch

    def run(self, ranges: tuple[Range, ...] | None = None) -> None:
        """Run the graph once, cold, to its end.

        Raises:
            SupersededError: Another run has taken over.
            Exception: What made a bundle fail.
        """
        self._next_epoch()
        try:
            self._run_graph(self._epoch, ranges)
        except Exception as error:
            self._raise_if_superseded(error)
            raise

    def _next_epoch(self) -> None:
        self._raise_if_superseded(None)
        if not self._fresh:
            self._epoch = self._store.take_epoch(time.time())
        self._fresh = False

    def _raise_if_superseded(self, cause: Exception | None) -> None:
        if self.superseded:
            message = f"Another run has taken over {self._settings.store_url}; this one ends. Nothing is lost."
            raise SupersededError(message) from cause


def rewind(store: Store, source: Source, settings: RunSettings, epoch: int) -> None:
    """Set the committed offsets back as ``--from`` says; what was applied already is skipped as it comes again."""
    if settings.start_from == "committed":
        return
    partitions = source.partitions()
    if settings.start_from == "earliest":
        store.rewind(epoch, {partition: source.begin(partition) for partition in partitions})
    else:
        second = float(settings.start_from)
        store.rewind(epoch, {partition: source.offset_at(partition, second) for partition in partitions})
