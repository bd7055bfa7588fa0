"""The streams are as hostile as promised, and what happens to them on the way is what the name says."""

import numpy as np
import pytest

from schemas import COLUMNS
from tests.oracle.generators import (
    a_chunk,
    cut,
    interleaved,
    joined,
    several_tests,
    shuffled_within,
    stream,
    with_duplicates,
    with_late,
)
from tests.oracle.replay import differences, replay

SEEDS = range(4)
BARE = {
    "with_cycle_count": False,
    "with_step_count": False,
    "with_step_id": False,
    "with_step_clock": False,
    "with_record_index": False,
}
COUNTS = ("revision", "duplicate_count")


def column(chunk, name):
    return chunk.values[COLUMNS.index(name)]


def assert_same_rows(one, other, ignore=("revision",)):
    for table in ("cycles", "steps", "trace"):
        assert differences(getattr(one, table), getattr(other, table), ignore=ignore) == []


def test_a_chunk_fills_what_is_not_given():
    chunk = a_chunk(test_time_second=[0, 1, None], step_id=4, first_offset=10)
    assert (len(chunk), chunk.position.first_offset, chunk.position.next_offset) == (3, 10, 13)
    assert chunk.offsets.tolist() == [10, 11, 12]
    assert column(chunk, "step_id").tolist() == [4.0] * 3
    assert np.isnan(column(chunk, "record_index")).all()
    with pytest.raises(TypeError, match="not columns"):
        a_chunk(amps=1.0)


def test_a_stream_is_the_same_for_one_seed_and_another_for_another():
    one, again, other = stream(1, 200), stream(1, 200), stream(2, 200)
    assert np.array_equal(one.values, again.values, equal_nan=True)
    assert not np.array_equal(one.values, other.values, equal_nan=True)


def test_streams_hold_equal_times_gaps_missing_temperatures_short_steps_and_cycle_changes_inside_steps():
    chunks = [stream(seed) for seed in SEEDS]
    intervals = np.concatenate([np.diff(column(chunk, "test_time_second")) for chunk in chunks])
    assert (intervals >= 0).all()
    assert (intervals == 0).any()
    assert ((intervals > 0) & (intervals < 1e-3)).any()
    assert (intervals > 1000).any()
    assert all(np.isnan(column(chunk, "temperature_t1_celsius")).any() for chunk in chunks)
    tables = [replay([chunk]) for chunk in chunks]
    assert any(row.reading_count == 1 for table in tables for row in table.steps.values())
    assert any(
        np.any((np.diff(column(c, "cycle_count")) > 0) & (np.diff(column(c, "step_count")) == 0)) for c in chunks
    )
    assert {row.direction for table in tables for row in table.steps.values()} == {"charge", "discharge", "rest"}


def test_what_is_left_out_does_not_change_the_rest():
    whole, bare = stream(3, 300), stream(3, 300, with_unix_time=False, with_temperature=False, **BARE)
    known = ~np.isnan(bare.values).all(axis=1)
    assert known.sum() == 3
    assert np.array_equal(whole.values[known], bare.values[known])


@pytest.mark.parametrize("options", [{}, BARE], ids=["all-columns", "bare"])
@pytest.mark.parametrize("seed", SEEDS)
def test_neither_cutting_nor_disorder_within_the_horizon_changes_a_row(seed, options):
    chunk = stream(seed, 600, **options)
    expected = replay([chunk])
    shuffled = replay([shuffled_within(chunk, 29.9, 32, seed)])
    assert (shuffled.late, shuffled.duplicates) == ([], 0)
    assert_same_rows(expected, shuffled)
    assert_same_rows(expected, replay(cut(chunk, [1, 7, 100])))


@pytest.mark.parametrize("options", [{}, BARE], ids=["all-columns", "bare"])
@pytest.mark.parametrize("seed", SEEDS)
def test_duplicates_change_nothing_but_their_count(seed, options):
    chunk = stream(seed, 600, **options)
    sent = with_duplicates(chunk, seed)
    result = replay([sent])
    assert result.duplicates == len(sent) - len(chunk) > 0
    assert result.late == []
    assert sum(row.duplicate_count for row in result.steps.values()) == result.duplicates
    assert_same_rows(replay([chunk]), result, ignore=COUNTS)


def test_a_shuffle_moves_most_readings():
    shuffled = shuffled_within(stream(1, 600), 29.9, 32, seed=5)
    assert (np.diff(column(shuffled, "record_index")) < 0).mean() > 0.3
    assert shuffled.offsets.tolist() == list(range(600))


def test_readings_that_were_held_back_are_late():
    chunk = stream(1, 600)
    result = replay([with_late(chunk, seed=1)])
    assert len(result.late) + result.accepted == 600
    assert len(result.late) >= 5


@pytest.mark.parametrize("named", [True, False])
def test_several_tests_follow_each_other_and_are_told_apart(named):
    chunks = several_tests(1, tests=3, readings=200, named=named)
    if not named:
        chunks = [joined(chunks)]
    result = replay(chunks)
    starts = [
        row for number, row in result.cycles.items() if number == 1 or row.test_id != result.cycles[number - 1].test_id
    ]
    assert len(starts) == (3 if named else 1)
    assert (result.accepted, result.late) == (600, [])
    # Nothing was integrated over the pause of an hour: it is no interval of any row.
    gaps = column(joined(chunks), "test_time_second")
    assert max(row.max_gap_second for row in result.cycles.values()) == pytest.approx(np.diff(gaps).max())


def test_a_cut_keeps_every_reading_its_offset_and_who_closes():
    chunk = a_chunk(test_time_second=range(10), closes=True, first_offset=5)
    pieces = cut(chunk, [3, 4])
    assert [len(piece) for piece in pieces] == [3, 4, 3]
    assert [piece.closes for piece in pieces] == [False, False, True]
    assert [piece.position.first_offset for piece in pieces] == [5, 8, 12]
    assert np.concatenate([piece.offsets for piece in pieces]).tolist() == list(range(5, 15))


def test_interleaving_keeps_the_order_of_each_battery():
    streams = [cut(a_chunk(battery, test_time_second=range(8)), [1]) for battery in ("b1", "b2")]
    mixed = interleaved(streams, seed=1)
    assert len({piece.battery_id for piece in mixed[:6]}) == 2
    for battery in ("b1", "b2"):
        assert [int(piece.offsets[0]) for piece in mixed if piece.battery_id == battery] == list(range(8))
