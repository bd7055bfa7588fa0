"""A reading that the analytics cannot take costs itself and nothing else."""

import numpy as np
import pytest

from pipelines.analytics import BatteryState, Settings, encode_state, track
from pipelines.transforms.refuse import track_or_refuse
from tests.oracle.generators import a_chunk, stream

NAN = float("nan")


def with_poison(chunk, places):
    """Readings without any time: decode would have refused them, the core raises."""
    values = chunk.values.copy()
    values[:2, places] = NAN
    return type(chunk)(
        *(getattr(chunk, name) if name != "values" else values for name in type(chunk).__dataclass_fields__)
    )


def test_a_chunk_without_poison_is_tracked_in_one_piece():
    chunk = stream(seed=1, readings=50)
    state, pieces, letters = track_or_refuse(BatteryState.empty(), chunk, Settings())
    alone, rows = track(BatteryState.empty(), chunk, Settings())
    assert encode_state(state) == encode_state(alone)
    assert repr(pieces) == repr((rows,))  # what is not known is NaN, which equals nothing
    assert letters == ()


@pytest.mark.parametrize("places", [[0], [49], [7, 8, 30], list(range(50))])
def test_poison_becomes_dead_letters_with_its_address_and_the_rest_counts(places):
    clean = stream(seed=1, readings=50)
    state, pieces, letters = track_or_refuse(BatteryState.empty(), with_poison(clean, places), Settings())
    assert [letter.offset for letter in letters] == [int(clean.offsets[place]) for place in places]
    assert {letter.reason for letter in letters} <= {"refused_by_analysis"}
    assert all("ValueError" in letter.detail and b"voltage_volt" in letter.payload for letter in letters)
    good = np.setdiff1d(np.arange(50), places)
    assert state.applied["p0"] == 49
    assert sum(piece.battery is not None for piece in pieces) == bool(len(good)) * len(pieces)
    if len(good):
        assert pieces[-1].battery.reading_count + pieces[-1].battery.duplicate_count == len(good)


def test_a_message_cut_in_two_by_the_search_is_applied_whole():
    """All readings of one message share its offset: halving must not hide the second half as "applied"."""
    one_message = with_poison(a_chunk(test_time_second=np.arange(10.0)), [2])
    shared = type(one_message)(
        *(
            np.zeros(10, np.int64) if name == "offsets" else getattr(one_message, name)
            for name in type(one_message).__dataclass_fields__
        )
    )
    state, pieces, letters = track_or_refuse(BatteryState.empty(), shared, Settings())
    assert len(letters) == 1
    assert pieces[-1].battery.reading_count == 9
    assert state.applied == {"p0": 0}


def test_the_same_poison_again_after_a_restart_is_skipped():
    chunk = with_poison(stream(seed=1, readings=20), [3])
    state, _, _ = track_or_refuse(BatteryState.empty(), chunk, Settings())
    again, _, letters = track_or_refuse(state, chunk, Settings())
    assert letters == ()
    assert encode_state(again) == encode_state(state)
