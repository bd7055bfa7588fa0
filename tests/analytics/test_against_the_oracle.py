"""Whatever happens to readings on their way, the rows are those of a plain replay, reading by reading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analytics import Settings
from tests.analytics.tables import differences_to, followed
from tests.oracle.generators import (
    cut,
    joined,
    several_tests,
    shuffled_within,
    stream,
    with_duplicates,
    with_late,
)
from tests.oracle.replay import replay

seeds = st.integers(0, 10_000)
sizes = st.lists(st.integers(1, 120), min_size=1, max_size=5)
columns = st.fixed_dictionaries(
    {
        "with_cycle_count": st.booleans(),
        "with_step_count": st.booleans(),
        "with_step_id": st.booleans(),
        "with_step_clock": st.booleans(),
        "with_record_index": st.booleans(),
        "with_temperature": st.booleans(),
        "with_unix_time": st.booleans(),
        "counters": st.sampled_from(["", "step", "cycle", "never", "coarse", "net", "both ways", "holes", "resumed"]),
    }
)
few = settings(max_examples=40, deadline=None)


def assert_as_replayed(chunks, **horizon):
    assert differences_to(replay(chunks, **horizon), followed(chunks, Settings(**horizon), through_bytes=True)) == []


@few
@given(seeds, sizes, columns)
def test_readings_in_order(seed, sizes, columns):
    assert_as_replayed(cut(stream(seed, 400, **columns), sizes))


@few
@given(seeds, sizes, columns)
def test_readings_out_of_order_within_the_horizon(seed, sizes, columns):
    assert_as_replayed(cut(shuffled_within(stream(seed, 400, **columns), 25.0, 40, seed), sizes))


@few
@given(seeds, sizes, columns)
def test_readings_that_come_twice(seed, sizes, columns):
    assert_as_replayed(cut(with_duplicates(stream(seed, 400, **columns), seed), sizes))


@few
@given(seeds, sizes, columns)
def test_readings_that_come_too_late(seed, sizes, columns):
    assert_as_replayed(cut(with_late(stream(seed, 400, **columns), seed), sizes))


@few
@given(seeds, sizes, columns)
def test_everything_at_once(seed, sizes, columns):
    chunk = shuffled_within(stream(seed, 400, **columns), 40.0, 80, seed)
    assert_as_replayed(cut(with_late(with_duplicates(chunk, seed), seed), sizes))


@few
@given(seeds, sizes, columns)
def test_a_small_horizon(seed, sizes, columns):
    chunk = shuffled_within(stream(seed, 300, **columns), 10.0, 5, seed)
    assert_as_replayed(cut(chunk, sizes), horizon_second=8.0, horizon_readings=4)


@few
@given(seeds, sizes, st.booleans(), st.sampled_from([0.0, 3600.0]))
def test_several_tests_in_a_row(seed, sizes, named, pause_s):
    chunks = several_tests(seed, 3, 120, named=named, pause_second=pause_s)
    assert_as_replayed(chunks if named else cut(joined(chunks), sizes))


@pytest.mark.parametrize("seed", range(3))
def test_unix_time_alone(seed):
    assert_as_replayed(cut(stream(seed, 1000, with_test_time=False), [1, 70, 9]))


@pytest.mark.parametrize("seed", range(3))
def test_the_end_of_a_source(seed):
    assert_as_replayed(cut(stream(seed, 1000, closes=True), [33, 5, 200]))
