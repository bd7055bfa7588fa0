"""The whole pipeline on one screen. Two fronts, one middle."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.options import RunSettings
from pipelines.transforms.commit_offsets import CommitOffsets
from pipelines.transforms.decode import Decode
from pipelines.transforms.poll import Poll
from pipelines.transforms.read_range import Range, ReadRange
from pipelines.transforms.ticks import Ticks
from pipelines.transforms.track import Track

Keyed = tuple[str, bytes]
"""Every element with a key: UTF-8 text and bytes, which each runner's own coders carry; nothing is pickled."""


def live_front(start: PCollection, settings: RunSettings) -> PCollection:
    """Record batches of a source that goes on: ticks, and what each partition has at each tick."""
    return (
        start
        | "Ticks" >> beam.ParDo(Ticks(settings.source_url, settings.tick_second)).with_output_types(Keyed)
        | "Poll"
        >> beam.ParDo(Poll(settings.source_url, settings.store_url, settings.poll_bytes)).with_output_types(bytes)
    )


def bounded_front(start: PCollection, settings: RunSettings, ranges: tuple[Range, ...]) -> PCollection:
    """Record batches of given ranges."""
    read = ReadRange(settings.source_url, ranges, settings.poll_bytes)
    return start | "Read" >> beam.ParDo(read).with_output_types(bytes)


def middle(records: PCollection, settings: RunSettings, epoch: int) -> PCollection:
    """From record batches to rows in the store and committed offsets."""
    track = Track(settings.store_url, epoch, settings.analysis, settings.dead_letter_url, settings.source_url)
    return (
        records
        | "Decode" >> beam.ParDo(Decode()).with_output_types(Keyed)
        | "Track" >> beam.ParDo(track).with_output_types(Keyed)
        | "CommitOffsets" >> beam.ParDo(CommitOffsets(settings.store_url, epoch)).with_output_types(bytes)
    )


def build(pipeline: beam.Pipeline, settings: RunSettings, epoch: int, ranges: tuple[Range, ...] | None = None) -> None:
    """Put the graph into ``pipeline``: live without ``ranges``, bounded with them."""
    start = pipeline | "Start" >> beam.Impulse()
    records = live_front(start, settings) if ranges is None else bounded_front(start, settings, ranges)
    middle(records, settings, epoch)
