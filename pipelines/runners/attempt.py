"""An attempt: one running of the graph, under an epoch of its own."""

from __future__ import annotations

import time

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import worker_handlers
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipelines.graph import build
from pipelines.options import RunSettings
from pipelines.sources import Source
from pipelines.storage import Store
from pipelines.transforms.commit_offsets import SupersededError
from pipelines.transforms.read_range import Range

# The embedded worker reads state in this process anyway. Its cache in between measures each value with a walk over the
# globals of all modules: about a millisecond for every battery of every bundle. Beam has no option for it here.
worker_handlers.STATE_CACHE_SIZE_MB = 0


class Attempts:
    """The attempts of one `run`, one after another on one store, until another `run` takes over."""

    def __init__(self, settings: RunSettings, options: PipelineOptions, store: Store) -> None:
        self._settings = settings
        self._options = options
        self._store = store
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

        The runner is named: "DirectRunner" would first try one that is fetched from the web and loses state.

        Raises:
            SupersededError: Another run has taken over.
            Exception: What made a bundle fail.
        """
        self._next_epoch()
        pipeline = beam.Pipeline(runner=FnApiRunner(), options=self._options)
        build(pipeline, self._settings, self._epoch, ranges)
        try:
            pipeline.run().wait_until_finish()
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
