"""The same readings give the same rows and the same state, to the last bit, however they are cut into chunks."""

import copy
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analytics import BatteryState, encode_state, track
from tests.analytics.tables import Tables, followed
from tests.oracle.generators import cut, joined, several_tests, shuffled_within, stream, with_duplicates, with_late

OPTIONS = [
    {},
    {"with_step_clock": False},
    {"with_step_count": False},
    {"with_cycle_count": False},
    {"with_cycle_count": False, "with_step_count": False, "with_step_id": False, "with_step_clock": False},
    {"counters": "step", "with_step_clock": False},
    {"counters": "resumed"},
    {"counters": "net", "with_cycle_count": False},
    {"counters": "both ways"},
    {"counters": "coarse"},
    {"counters": "holes"},
]
cuttings = st.lists(st.integers(1, 400), min_size=1, max_size=8)


def exactly(chunks, through_bytes=False):
    tables = followed(chunks, through_bytes=through_bytes)
    return tables.exactly(), encode_state(tables.state)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), cuttings, st.sampled_from(OPTIONS), st.booleans())
def test_any_cutting_of_ordered_readings_gives_the_same_bits(seed, sizes, options, through_bytes):
    whole = stream(seed, 600, **options)
    assert exactly(cut(whole, sizes), through_bytes) == exactly([whole])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), cuttings, st.sampled_from(OPTIONS))
def test_any_cutting_of_disordered_repeated_and_late_readings_gives_the_same_bits(seed, sizes, options):
    chunk = shuffled_within(stream(seed, 600, **options), 40.0, 80, seed)
    hostile = with_late(with_duplicates(chunk, seed), seed)
    assert exactly(cut(hostile, sizes), through_bytes=True) == exactly([hostile])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), cuttings)
def test_any_cutting_of_several_tests_gives_the_same_bits(seed, sizes):
    whole = joined(several_tests(seed, 4, 150, named=False))
    assert exactly(cut(whole, sizes)) == exactly([whole])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), cuttings, st.sampled_from(OPTIONS))
def test_disorder_within_the_horizon_changes_no_bit_of_the_settled_sums(seed, sizes, options):
    ordered = stream(seed, 500, cycle_changes_inside_steps=False, closes=True, **options)
    disordered = shuffled_within(ordered, 25.0, 40, seed)
    straight, crooked = followed([ordered]), followed(cut(disordered, sizes))
    assert crooked.late == []
    assert crooked.battery.duplicate_count == 0
    for number, step in straight.steps.items():
        assert repr(crooked.steps[number]._replace(revision=0)) == repr(step._replace(revision=0))


@pytest.mark.parametrize("seed", range(4))
def test_single_readings_and_one_long_chunk_agree(seed):
    whole = stream(seed, 2000)
    assert exactly(cut(whole, [1])) == exactly([whole])


def test_other_batteries_in_between_change_nothing():
    chunks = {name: cut(stream(seed, 800, battery_id=name), [17, 90]) for seed, name in enumerate("abc")}
    waiting = [(name, chunk) for name, own in chunks.items() for chunk in own]
    random.Random(1).shuffle(waiting)
    order = iter(waiting)
    tables = {name: Tables() for name in chunks}
    left = {name: iter(own) for name, own in chunks.items()}
    for name, _ in order:
        tables[name].write(*track(tables[name].state, next(left[name])))
    for name, own in chunks.items():
        assert tables[name].exactly() == followed(own).exactly()


def test_neither_the_state_nor_the_chunk_is_changed():
    first, second = cut(shuffled_within(with_duplicates(stream(5, 400), 5), 10.0, 20, 5), [200])[:2]
    state, _ = track(BatteryState.empty(), first)
    before, values = encode_state(state), copy.deepcopy(second.values)
    second.values.setflags(write=False)
    once = track(state, second)
    twice = track(state, second)
    assert encode_state(state) == before
    assert np.array_equal(second.values, values, equal_nan=True)
    assert encode_state(once[0]) == encode_state(twice[0])
    assert repr(once[1]) == repr(twice[1])
