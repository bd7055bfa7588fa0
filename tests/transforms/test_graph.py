"""The job graph itself: what its coders are, and that nothing in it holds back a live source."""

import apache_beam as beam
import pytest

from pipelines.graph import build
from pipelines.options import RunSettings
from pipelines.transforms.read_range import Range

STANDARD = ("beam:coder:bytes:v1", "beam:coder:string_utf8:v1", "beam:coder:kv:v1", "beam:coder:varint:v1")


def proto(ranges=None):
    pipeline = beam.Pipeline()
    build(pipeline, RunSettings("log:///somewhere", "memory://somewhere"), epoch=1, ranges=ranges)
    return pipeline.to_runner_api()


@pytest.mark.parametrize("ranges", [None, (Range("file:0", 0, 1),)], ids=["live", "bounded"])
def test_every_coder_is_a_standard_one_so_that_nothing_is_pickled(ranges):
    components = proto(ranges).components
    used = {pcollection.coder_id for pcollection in components.pcollections.values()}
    assert used
    urns = {coder.spec.urn for coder in components.coders.values()}
    allowed = {*STANDARD, "beam:coder:global_window:v1"}
    assert urns <= allowed, urns - allowed


def test_the_check_would_see_a_pickle_coder():
    pipeline = beam.Pipeline()
    _ = pipeline | beam.Impulse() | beam.Map(lambda _: {1, 2})
    urns = {coder.spec.urn for coder in pipeline.to_runner_api().components.coders.values()}
    assert not urns <= {*STANDARD, "beam:coder:global_window:v1"}


def test_nothing_behind_a_live_source_gathers_until_the_end():
    urns = {transform.spec.urn for transform in proto().components.transforms.values()}
    assert not urns & {"beam:transform:group_by_key:v1", "beam:transform:flatten:v1", "beam:transform:reshuffle:v1"}


def test_no_timers_are_used():
    for transform in proto().components.transforms.values():
        if transform.spec.urn == "beam:transform:pardo:v1":
            payload = beam.portability.api.beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            assert not payload.timer_family_specs
