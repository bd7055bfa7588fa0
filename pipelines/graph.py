"""The whole pipeline on one screen. Two fronts, one middle."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.options import RunSettings
from pipelines.transforms.commit_offsets import CommitOffsets, CommitRun
from pipelines.transforms.decode import Decode
from pipelines.transforms.given_ticks import GivenTicks
from pipelines.transforms.in_charge import WhileInCharge
from pipelines.transforms.poll import Poll
from pipelines.transforms.read_range import Range, Ranges, ReadRange
from pipelines.transforms.ticks import Ticks
from pipelines.transforms.track import Track
from pipelines.transforms.track_shard import KeyByShard, TrackShard

Keyed = tuple[str, bytes]
"""Every element with a key: UTF-8 text and bytes, which each runner's own coders carry; nothing is pickled."""


def own_ticks(start: PCollection, settings: RunSettings) -> PCollection:
    """Ticks of a clock of our own, for every partition."""
    return start | "Ticks" >> beam.ParDo(Ticks(settings.source_url, settings.tick_second)).with_output_types(Keyed)


def given_ticks(clock: PCollection, settings: RunSettings, epoch: int, parallelism: int) -> PCollection:
    """The same of a runner's own clock, spread over its parallel tasks, until another run has taken over."""
    return (
        clock
        | "InCharge" >> beam.ParDo(WhileInCharge(settings.store_url, epoch)).with_output_types(bytes)
        | "Ticks" >> beam.ParDo(GivenTicks(settings.source_url, parallelism)).with_output_types(Keyed)
    )


def live_front(ticks: PCollection, settings: RunSettings) -> PCollection:
    """Record batches of a source that goes on: what each partition has at each tick."""
    poll = Poll(settings.source_url, settings.store_url, settings.poll_bytes)
    return ticks | "Poll" >> beam.ParDo(poll).with_output_types(bytes)


def bounded_front(start: PCollection, settings: RunSettings, ranges: tuple[Range, ...], spread: bool) -> PCollection:
    """Record batches of given ranges; ``spread`` over all workers, where without it one of them reads everything."""
    wanted = start | "Ranges" >> beam.ParDo(Ranges(ranges)).with_output_types(bytes)
    if spread:
        wanted |= "Spread" >> beam.Reshuffle()
    return wanted | "Read" >> beam.ParDo(ReadRange(settings.source_url, settings.poll_bytes)).with_output_types(bytes)


def middle(records: PCollection, settings: RunSettings, epoch: int) -> PCollection:
    """From record batches to rows in the store and committed offsets."""
    track = Track(settings.store_url, epoch, settings.analysis, settings.dead_letter_url, settings.source_url)
    return (
        records
        | "Decode" >> beam.ParDo(Decode()).with_output_types(Keyed)
        | "Track" >> beam.ParDo(track).with_output_types(Keyed)
        | "CommitOffsets" >> beam.ParDo(CommitOffsets(settings.store_url, epoch)).with_output_types(bytes)
    )


def middle_by_shard(records: PCollection, settings: RunSettings, epoch: int, shards: int) -> PCollection:
    """The same where the end of a run is near and state ends with it: a shard at a time, all of it gathered first."""
    track = TrackShard(settings.store_url, epoch, settings.analysis, settings.dead_letter_url, settings.source_url)
    return (
        records
        | "Decode" >> beam.ParDo(Decode()).with_output_types(Keyed)
        | "Shard" >> beam.ParDo(KeyByShard(shards)).with_output_types(Keyed)
        | "Gather" >> beam.GroupByKey()
        | "Track" >> beam.ParDo(track).with_output_types(Keyed)
        | "GatherAcknowledgements" >> beam.GroupByKey()
        | "CommitOffsets" >> beam.ParDo(CommitRun(settings.store_url, epoch)).with_output_types(bytes)
    )


def build(pipeline: beam.Pipeline, settings: RunSettings, epoch: int, ranges: tuple[Range, ...] | None = None) -> None:
    """Put the graph into ``pipeline``: live without ``ranges``, bounded with them."""
    start = pipeline | "Start" >> beam.Impulse()
    if ranges is None:
        records = live_front(own_ticks(start, settings), settings)
    else:
        records = bounded_front(start, settings, ranges, spread=False)
    middle(records, settings, epoch)


def build_on_clock(clock: PCollection, settings: RunSettings, epoch: int, parallelism: int) -> None:
    """Put the live graph behind the clock of a runner that has one."""
    middle(live_front(given_ticks(clock, settings, epoch, parallelism), settings), settings, epoch)


def build_by_shard(
    pipeline: beam.Pipeline, settings: RunSettings, epoch: int, ranges: tuple[Range, ...], shards: int
) -> None:
    """Put the bounded graph of a runner that keeps no state between runs into ``pipeline``."""
    start = pipeline | "Start" >> beam.Impulse()
    middle_by_shard(bounded_front(start, settings, ranges, spread=True), settings, epoch, shards)
