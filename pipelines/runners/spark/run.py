"""A run on Spark: bounded jobs, one after another; every one starts cold, from what the store holds.

Spark's part of Beam cannot carry on a live source: its streaming translation refuses what a source defers, keeps no
state from one batch to the next, and never ends a bounded input. A bounded job can do all of that, and lasts seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipelines.graph import build_by_shard
from pipelines.options import RunSettings, SettingsError
from pipelines.runners.beam_flags import beam_options
from pipelines.runners.places import seen_from_workers
from pipelines.runners.portable import flags_of, submit
from pipelines.runners.spark.cluster import SparkCluster, cluster_of
from pipelines.runners.spark.plan import plan
from pipelines.runners.spark.ready_workers import ReadyWorkers
from pipelines.runners.supervision import ignore, supervise
from pipelines.runners.watcher import StatusCallback
from pipelines.sources import Source, open_source
from pipelines.storage import Store, open_store
from pipelines.transforms.read_range import Range
from pipelines.transforms.ticks import END_OF_RUN

EPOCH_SECOND = 3600.0
"""How long jobs follow each other under one epoch [s]; after it comes what is not for the hot path."""
SHARDS = 16
"""Into how many parts the batteries fall: several for each core of a cluster, so that none of them idles for long."""
LONGEST_PAUSE_SECOND = 2.0
"""How long a source with nothing new is left alone at most [s]."""
GRACE_SECOND = 20.0
"""How long a job may still take when the run is to end [s]; then it is cancelled."""
WORKER_KEPT_MILLISECOND = 3000
"""How long an executor keeps a Python worker between two stages of a job; without it each stage starts another."""


def run_spark(settings: RunSettings, on_status: StatusCallback = ignore) -> None:
    """Run until the source ends, ``--once`` is reached, or a signal asks to stop; the cluster stays up.

    Raises:
        SettingsError: A flag cannot be, or the store holds more of the source than there is.
        SourceError, StoreError: Source or store cannot be opened.
        ServerError: The stack's cluster does not come up.
        JobError: Jobs fail again and again.
        SupersededError: Another run has taken over the store.
    """
    _refuse_unbounded(settings)
    settings = seen_from_workers(settings)
    cluster = cluster_of(settings.cluster)
    cluster.up()
    beam_options(settings.beam_options, flags_of(cluster.job_endpoint))  # before anything is read
    supervise(replace(settings, roll_second=EPOCH_SECOND), _SparkGraph(settings, cluster), on_status)


def _refuse_unbounded(settings: RunSettings) -> None:
    # Names that Beam in Python does not know are judged when the job server can be asked.
    if PipelineOptions(list(settings.beam_options)).view_as(StandardOptions).streaming:
        message = (
            "--streaming: Spark runs this as bounded jobs, one every few seconds, because a streaming job of Beam on "
            "Spark loses state and never ends. Leave the flag away: live sources are read all the same."
        )
        raise SettingsError(message)


class _SparkGraph:
    """The graph, as jobs of a cluster."""

    def __init__(self, settings: RunSettings, cluster: SparkCluster) -> None:
        self._settings = settings
        self._cluster = cluster

    def __call__(self, epoch: int, ranges: tuple[Range, ...] | None) -> None:
        self._cluster.up()
        if ranges is not None:
            self._run(epoch, ranges, end=lambda: False)
            return
        source, store = open_source(self._settings.source_url), open_store(self._settings.store_url)
        try:
            self._run_live(epoch, source, store)
        finally:
            source.close()
            store.close()

    def _run_live(self, epoch: int, source: Source, store: Store) -> None:
        pause = self._settings.tick_second
        while not END_OF_RUN.is_set():
            if ranges := plan(source, store):
                self._run(epoch, ranges, _Grace())
                pause = self._settings.tick_second
            else:
                END_OF_RUN.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECOND)

    def _run(self, epoch: int, ranges: tuple[Range, ...], end: Callable[[], bool]) -> None:
        self._cluster.count_job()
        try:
            submit(partial(self._build, epoch, ranges), self._options(), ReadyWorkers()).wait(end, look=lambda: None)
        except Exception:
            # What has failed may have broken the Spark context that is kept, and nothing mends that one.
            self._cluster.renew()
            raise

    def _build(self, epoch: int, ranges: tuple[Range, ...], pipeline: beam.Pipeline) -> None:
        build_by_shard(pipeline, self._settings, epoch, ranges, SHARDS)

    def _options(self) -> PipelineOptions:
        endpoint = self._cluster.job_endpoint
        ours = [
            *("--job_name=chargetracker", f"--job_endpoint={endpoint}", *self._cluster.flags),
            f"--environment_cache_millis={WORKER_KEPT_MILLISECOND}",
        ]
        return beam_options((*ours, *self._settings.beam_options), flags_of(endpoint))


class _Grace:
    """True when the run is to end and its job has had a little time to end by itself."""

    def __init__(self) -> None:
        self._deadline = inf

    def __call__(self) -> bool:
        if END_OF_RUN.is_set():
            self._deadline = min(self._deadline, time.monotonic() + GRACE_SECOND)
        return time.monotonic() > self._deadline
