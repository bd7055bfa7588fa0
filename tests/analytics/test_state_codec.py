import base64
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipelines.analytics import BatteryState, decode_state, encode_state, track
from pipelines.analytics.state_codec import FORMAT_VERSION
from tests.analytics.tables import Tables, followed
from tests.oracle.generators import a_chunk, cut, several_tests, stream

STATE_OF_VERSION_1 = Path(__file__).with_name("state_version_1.txt")
"""After the first 200 readings of `stream(1, 400)`, in base64; written by the program that had that version."""


def state_after(*chunks):
    return followed(chunks).state


@pytest.mark.parametrize(
    "state",
    [
        BatteryState.empty(),
        state_after(a_chunk(test_time_second=[0.0])),
        state_after(stream(1, 700)),
        state_after(stream(2, 700, closes=True)),
        state_after(*several_tests(3, 10, 60)),
        state_after(stream(4, 100), stream(5, 100, partition="p1")).with_revision(2**60),
    ],
)
def test_a_state_is_the_same_after_its_bytes_to_the_bit(state):
    decoded = decode_state(encode_state(state))
    for name in ("revision", "applied", "group", "test", "earlier_tests", "limit_s", "tally"):
        assert repr(getattr(decoded, name)) == repr(getattr(state, name))
    assert decoded.pending.tobytes() == state.pending.tobytes()
    for name in ("peak_a", "first_direction", "open"):
        assert repr(getattr(decoded.settled, name)) == repr(getattr(state.settled, name))
    assert (decoded.settled.last is None) == (state.settled.last is None)
    assert encode_state(decoded) == encode_state(state)


def test_a_battery_read_once_a_second_takes_some_three_thousand_bytes():
    seconds = np.arange(3600.0)
    state = state_after(a_chunk(test_time_second=seconds, step_time_second=seconds, record_index=seconds))
    assert state.pending.shape[1] == 30
    assert len(encode_state(state)) < 3_600


def test_with_counters_it_takes_some_four_thousand_bytes():
    seconds = np.arange(3600.0)
    counters = dict.fromkeys(("charging_capacity_ah", "charging_energy_wh"), seconds / 3600.0)
    counters |= dict.fromkeys(("discharging_capacity_ah", "discharging_energy_wh"), 0.0)
    state = state_after(
        a_chunk(test_time_second=seconds, step_time_second=seconds, record_index=seconds, cycle_count=1, **counters)
    )
    assert len(encode_state(state)) < 4_400


def test_a_state_of_version_1_goes_on_as_if_it_had_been_written_now():
    chunks = cut(stream(1, 400), [100])
    old, whole = Tables(decode_state(base64.b64decode(STATE_OF_VERSION_1.read_text()))), followed(chunks)
    assert np.array_equal(old.state.pending, state_after(*chunks[:2]).pending, equal_nan=True)
    for chunk in chunks[2:]:
        old.write(*track(old.state, chunk))
    assert len(old.steps) > 3
    for kept, expected in ((old.steps, whole.steps), (old.cycles, whole.cycles)):
        for number, row in kept.items():
            for name in ("charging_capacity_ah", "discharging_energy_wh", "start_time_second", "voltage_max_volt"):
                assert getattr(row, name) == getattr(expected[number], name)
    assert old.battery._replace(revision=0) == whole.battery._replace(revision=0)


def test_the_version_comes_first():
    assert msgspec.msgpack.decode(encode_state(BatteryState.empty()))[0] == FORMAT_VERSION


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (msgspec.msgpack.encode([99, 1, 2]), "format version 99"),
        (msgspec.msgpack.encode(["x"]), "format version 'x'"),
        (msgspec.msgpack.encode([FORMAT_VERSION, "x"]), "not the state of a battery"),
        (msgspec.msgpack.encode({"version": FORMAT_VERSION}), "not the state of a battery"),
        (b"", "not the state of a battery"),
        (encode_state(BatteryState.empty())[:-1], "not the state of a battery"),
        (b"\x80\x04pickle", "not the state of a battery"),
    ],
)
def test_other_bytes_are_refused_with_a_reason(data, complaint):
    with pytest.raises(ValueError, match=complaint):
        decode_state(data)


def test_a_matrix_that_is_cut_off_is_refused():
    fields = msgspec.msgpack.decode(encode_state(state_after(*cut(stream(1, 50), [50]))))
    fields[-2] = fields[-2][:-8]
    with pytest.raises(ValueError, match="not the state of a battery"):
        decode_state(msgspec.msgpack.encode(fields))
