"""A run on Flink: a job an attempt, without checkpoints; every one starts cold, from what the store holds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256

import apache_beam as beam
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.options.pipeline_options import FlinkRunnerOptions, PipelineOptions

from pipelines.graph import build, build_on_clock
from pipelines.options import RunSettings
from pipelines.runners.beam_flags import beam_options
from pipelines.runners.flink.cluster import FlinkCluster, cluster_of, end_jobs, parallelism_of
from pipelines.runners.flink.look import Look
from pipelines.runners.places import seen_from_workers
from pipelines.runners.portable import flags_of, submit
from pipelines.runners.supervision import ignore, supervise
from pipelines.runners.watcher import StatusCallback
from pipelines.transforms.read_range import Range
from pipelines.transforms.ticks import END_OF_RUN

JOB_SECOND = 86_400.0
"""How long a job runs before the next one takes its place [s]."""
BUNDLE_SECOND = 0.2
"""How long readings are gathered before what they change is written [s]."""


def run_flink(settings: RunSettings, on_status: StatusCallback = ignore) -> None:
    """Run until the source ends, ``--once`` is reached, or a signal asks to stop; the cluster stays up.

    Raises:
        SettingsError: Flags do not fit together, or the store holds more of the source than there is.
        SourceError, StoreError: Source or store cannot be opened.
        ServerError: The stack's cluster does not come up.
        JobError: Jobs fail again and again.
        SupersededError: Another run has taken over the store.
    """
    settings = seen_from_workers(replace(settings, roll_second=JOB_SECOND))
    cluster = cluster_of(settings.cluster)
    cluster.up()
    beam_options(settings.beam_options, flags_of(cluster.job_endpoint))  # before anything is read
    supervise(settings, _FlinkGraph(settings, cluster), on_status)


class _FlinkGraph:
    """The graph, as a job of a cluster."""

    def __init__(self, settings: RunSettings, cluster: FlinkCluster) -> None:
        self._settings = settings
        self._cluster = cluster
        self._job_name = f"chargetracker-{sha256(settings.store_url.encode()).hexdigest()[:12]}"

    def __call__(self, epoch: int, ranges: tuple[Range, ...] | None) -> None:
        self._cluster.up()
        end_jobs(self._cluster.rest, self._job_name)
        look = Look(self._cluster, self._job_name)
        options = self._options()
        job = submit(partial(self._build, options, epoch, ranges), options)
        try:
            # A range ends by itself.
            job.wait(lambda: ranges is None and END_OF_RUN.is_set(), look)
        finally:
            # The job server calls a job cancelled that goes on running in the cluster.
            end_jobs(self._cluster.rest, self._job_name)

    def _options(self) -> PipelineOptions:
        slots = parallelism_of(self._cluster)
        ours = [
            *("--streaming", f"--job_name={self._job_name}", f"--job_endpoint={self._cluster.job_endpoint}"),
            *(f"--parallelism={slots}", f"--sdk_worker_parallelism={slots}"),
            # Spelled so.
            f"--max_bundle_time_mills={BUNDLE_SECOND * 1000:.0f}",
            *self._cluster.flags,
        ]
        return beam_options((*ours, *self._settings.beam_options), flags_of(self._cluster.job_endpoint))

    def _build(
        self, options: PipelineOptions, epoch: int, ranges: tuple[Range, ...] | None, pipeline: beam.Pipeline
    ) -> None:
        if ranges is not None:
            build(pipeline, self._settings, epoch, ranges)
            return
        clock = FlinkStreamingImpulseSource().set_interval_ms(round(self._settings.tick_second * 1000))
        parallelism = options.view_as(FlinkRunnerOptions).parallelism
        build_on_clock(pipeline | "Clock" >> clock, self._settings, epoch, parallelism)
