"""The job graph itself: what its coders are, and that nothing in it holds back a live source."""

import apache_beam as beam
import pytest

from pipelines.graph import build, build_by_shard
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


def test_by_shard_what_we_put_in_has_standard_coders_too():
    pipeline = beam.Pipeline()
    settings = RunSettings("log:///somewhere", "memory://somewhere")
    build_by_shard(pipeline, settings, epoch=1, ranges=(Range("file:0", 0, 1),), shards=4)
    components = pipeline.to_runner_api().components
    # What is within Beam's reshuffle is Beam's; Spark has another of its own in its place.
    ours = [t for t in components.transforms.values() if t.unique_name.count("/") == 0]
    used = {components.pcollections[name].coder_id for transform in ours for name in transform.outputs.values()}
    assert len(ours) == 11, "ten, and the whole"
    assert urns_of(components, used) <= {*STANDARD, "beam:coder:iterable:v1"}


def urns_of(components, coder_ids):
    """Of these coders and of all that they are made of."""
    found = set()
    for coder_id in coder_ids:
        coder = components.coders[coder_id]
        found |= {coder.spec.urn} | urns_of(components, coder.component_coder_ids)
    return found


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
