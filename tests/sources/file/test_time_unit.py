"""The unit of a time by the wall clock beside it."""

import numpy as np
import pytest

from pipelines.sources.file.time_unit import unit_by_clock
from tests.sources.file.exports import column, read, times, written

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
HEADER = "Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmps\tVolts\tState"


def paused(unit, pause_s, at=100, rows=300):
    """Times of a row every ten seconds, and a clock that goes on alone once."""
    seconds = np.arange(rows) * 10.0
    return seconds / SECONDS[unit], 1.6e9 + seconds + np.where(np.arange(rows) >= at, pause_s, 0.0)


@pytest.mark.parametrize("unit", SECONDS)
@pytest.mark.parametrize("pause_s", [0.0, 60.0, 7200.0, 3 * 86_400.0])
def test_a_pause_does_not_change_the_unit(unit, pause_s):
    assert unit_by_clock(*paused(unit, pause_s)) == unit


def test_a_clock_in_whole_seconds_beside_readings_within_them():
    time = np.arange(200) * 0.03  # six seconds of them
    assert unit_by_clock(time, np.floor(1.6e9 + time)) == "s"


def test_of_two_stretches_the_one_without_the_pause_counts():
    assert unit_by_clock(np.array([0.0, 1.0, 2.0]), np.array([0.0, 60.0, 7320.0])) == "min"


@pytest.mark.parametrize(
    ("time", "clock"),
    [
        ([0.0, 1.0, 2.0], [0.0, 10.0, 20.0]),  # tens of seconds
        ([0.0, 0.0, 0.0], [0.0, 10.0, 20.0]),
        ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]),  # too short to tell
        ([0.0, 1.0, np.nan], [0.0, np.nan, 1e6]),
        ([], []),
    ],
)
def test_a_time_that_agrees_with_no_unit(time, clock):
    assert unit_by_clock(np.array(time), np.array(clock)) is None


def a_file(directory, *rows, clocked=True):
    """Of rows of a time and a clock."""
    lines = [f"{number}\t0\t1\t{time}\t{time}\t1.5\t3.6\tC\t{clock}" for number, (time, clock) in enumerate(rows)]
    text = "\n".join([f"{HEADER}\tDPt Time", *lines, ""])
    return written(directory, text if clocked else text.replace("DPt Time", "Remark"))


def test_a_unit_that_the_clock_tells_is_said(tmp_path):
    path = a_file(tmp_path, (1, "08/13/2019 19:17:00"), (2, "08/13/2019 19:18:00"))
    readings, _, reader = read(path)
    assert times(readings) == [60, 120]
    assert reader.layout.warnings == ("no unit of time in the header: taken as min, as the wall clock says",)


@pytest.mark.parametrize(
    ("clocked", "told"), [(True, "the wall clock does not tell it"), (False, "no wall clock tells it")]
)
def test_a_unit_that_nothing_tells_is_a_warning_with_what_to_do(tmp_path, clocked, told):
    path = a_file(tmp_path, (1, "08/13/2019 19:17:00"), (2, "08/13/2019 19:17:10"), clocked=clocked)
    readings, _, reader = read(path)
    assert times(readings) == [1, 2]
    (warning,) = reader.layout.warnings
    assert warning.startswith(f"no unit of time in the header, and {told}: taken as s")
    readings, _, reader = read(path, maps="TestTime=test_time_second:min")  # as it says
    assert (times(readings), column(readings, "step_time_second")) == ([60, 120], [60, 120])
    assert reader.layout.warnings == ()
